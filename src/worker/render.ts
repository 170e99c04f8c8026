/** Entry of the render worker that composites only; inference runs in workers of its own. */
import { workerEndpoint } from './endpoint.ts';
import { RenderSession } from './render-session.ts';

new RenderSession(workerEndpoint(), null);
