/** Entry of the render worker that runs the model on the GPU itself, for browsers without WebAssembly.Suspending. */
import * as ort from 'onnxruntime-web/webgpu';
import { OrtRuntime } from '../inference/ort-session.ts';
import { isOrtThread, workerEndpoint } from './endpoint.ts';
import { RenderSession } from './render-session.ts';

if (!isOrtThread()) new RenderSession(workerEndpoint(), new OrtRuntime(ort));
