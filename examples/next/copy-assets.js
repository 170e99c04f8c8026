import { cpSync } from 'node:fs';

cpSync('node_modules/void-segmenter/dist', 'public/dist/void-segmenter', { recursive: true });
