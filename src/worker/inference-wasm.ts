/** Entry of the inference workers: the model on WebAssembly. */
import * as ort from 'onnxruntime-web/wasm';
import { OrtRuntime } from '../inference/ort-session.ts';
import { isOrtThread, workerEndpoint } from './endpoint.ts';
import { InferenceSession } from './inference-session.ts';

if (!isOrtThread()) new InferenceSession(workerEndpoint(), new OrtRuntime(ort));
