import { NaiveSegmenter } from '../naive/naive-segmenter.ts';
import { MediaPipeSegmenter } from '../peers/mediapipe-segmenter.ts';
import { ElementSubject } from './element-subject.ts';
import { PageSubject } from './page-subject.ts';
import type { Subject, SubjectOptions } from './subject.ts';

/** The builds that the package itself uses. */
const runtimes = { wasm: 'ort.wasm.bundle.min.mjs', webgpu: 'ort.jspi.bundle.min.mjs' };

/** Loads what the subject takes. */
export async function createSubject(options: SubjectOptions): Promise<Subject> {
  const { subject, backend, model, clipUrl } = options;
  switch (subject) {
    case 'element':
      return ElementSubject.create(options);
    case 'naive-pixels':
    case 'naive-mask': {
      const naive = await NaiveSegmenter.create({
        runtimeUrl: new URL(`/ort/${runtimes[backend]}`, location.href).href,
        modelUrl: model.onnxUrl,
        input: model,
        backend,
      });
      const composite = subject === 'naive-pixels' ? 'pixels' : 'mask';
      return new PageSubject(clipUrl, (picture, width, height, target, { effect }) =>
        naive.draw(picture, width, height, target, effect, composite),
      );
    }
    case 'mediapipe': {
      const mediapipe = await MediaPipeSegmenter.create({
        moduleUrl: new URL('/mediapipe/vision_bundle.mjs', location.href).href,
        wasmBase: '/mediapipe/wasm',
        modelUrl: model.tfliteUrl,
        delegate: backend === 'webgpu' ? 'GPU' : 'CPU',
      });
      return new PageSubject(clipUrl, (picture, width, height, target, { effect }) =>
        mediapipe.draw(picture, width, height, target, effect),
      );
    }
    case 'litert': {
      const url = new URL('/litert.js', location.href).href;
      const { LiteRtSubject } = (await import(url)) as typeof import('./litert-subject.ts');
      return LiteRtSubject.create(options);
    }
    case 'video':
      return new PageSubject(clipUrl, null);
    default:
      return subject satisfies never;
  }
}
