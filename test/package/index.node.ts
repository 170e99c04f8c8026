/** Tests of the package that `npm run build` made: one process, so that it is packed once. */
import './contents.ts';
import './types.ts';
import './editors.ts';
import './void-model.ts';
import './sizes.ts';
import './script-tag.ts';
import './gpu-process.ts';
