import { expect } from '@open-wc/testing';
import type { ModelSpec, Surface, View } from '../../src/stage.ts';
import { createBitmap, paint, type Pixels } from '../helpers/frames.ts';
import { readBuffer } from '../helpers/gpu.ts';
import { createModel } from '../helpers/models.ts';
import { rigKinds, type Rig } from '../helpers/rigs.ts';

const [width, height] = [320, 200];
const side = 32;
const size = { width: side, height: side };
const model: ModelSpec = { ...createModel(size, size), framing: 'people' };

/** In pixels of the frame: left, top, right, bottom. */
type Box = readonly [number, number, number, number];

/** Green people before a grey wall. */
function paintPeople(...people: readonly Box[]): Pixels {
  return paint(width, height, (x, y) =>
    people.some(([left, top, right, bottom]) => x >= left && x < right && y >= top && y < bottom)
      ? [0, 255, 0, 255]
      : [90, 0, 90, 255],
  );
}

/** What a model answers that takes what is green for people. */
async function infer(rig: Rig, surface: Surface, view: View): Promise<unknown> {
  const input = await rig.renderer.preprocess(surface, view);
  if (input instanceof Uint8ClampedArray) {
    return rig.answer(
      Float32Array.from({ length: side * side }, (_, i) => (input[4 * i + 1] as number) / 255),
    );
  }
  if (!rig.device) throw new Error('no device');
  const tensor = new Float32Array(await readBuffer(rig.device, input as GPUBuffer));
  return rig.answer(
    Float32Array.from({ length: side * side }, (_, i) => tensor[3 * i + 1] as number),
  );
}

interface Step {
  readonly frame: Pixels;
  readonly isLooking?: boolean;
}

/** Shows the frames one after the other, as a pipeline does, and reads the mask of the last, a byte a pixel. */
async function follow(rig: Rig, steps: readonly Step[], smoothing = 0): Promise<Uint8Array> {
  const surface = rig.renderer.createSurface();
  for (const [i, { frame, isLooking }] of steps.entries()) {
    const bitmap = await createBitmap(frame);
    await rig.renderer.upload(surface, bitmap);
    bitmap.close();
    if (isLooking) {
      rig.renderer.look(surface, await infer(rig, surface, 'whole'), 'stream');
    }
    const answer = await infer(rig, surface, 'stream');
    const stream = { lingerMs: smoothing, timestampUs: 40_000 * i };
    rig.renderer.postprocess(surface, answer, { refine: false, stream });
  }
  return readMask(rig, surface);
}

async function readMask(rig: Rig, surface: Surface): Promise<Uint8Array> {
  const reading = { width, height, values: 'levels', threshold: 0.5 } as const;
  return (await rig.renderer.readMask(surface, reading)) as Uint8Array;
}

/** Mean distance of a mask from the truth, in pixels that are wrong, of a person's area. */
function errorOf(mask: Uint8Array, ...people: readonly Box[]): number {
  const truth = paintPeople(...people);
  let wrong = 0;
  let area = 0;
  for (let i = 0; i < mask.length; i++) {
    const isPerson = truth.data[4 * i + 1] === 255;
    wrong += Math.abs((mask[i] as number) / 255 - Number(isPerson));
    area += Number(isPerson);
  }
  return wrong / area;
}

const person: Box = [203, 61, 221, 103];
const other: Box = [31, 90, 52, 130];

for (const { title, create } of rigKinds) {
  describe(`${title} follows people`, () => {
    let rig: Rig;

    before(async () => {
      rig = await create(model);
    });

    afterEach(() => rig.renderer.clear());

    after(() => rig.dispose());

    it('with all of the pixels that the model has', async () => {
      const frame = paintPeople(person);
      const whole = await follow(rig, [{ frame }]);
      rig.renderer.clear();
      const followed = await follow(rig, [{ frame, isLooking: true }]);
      // A pixel of the model's is 10 wide and 6 high at first, which a person is but two of.
      expect(errorOf(whole, person)).to.be.above(0.5);
      expect(errorOf(followed, person)).to.be.below(0.15);
    });

    it('by the mask of the frame before', async () => {
      const frame = paintPeople(person);
      expect(errorOf(await follow(rig, [{ frame }, { frame }]), person)).to.be.below(0.15);
    });

    it('while they move', async () => {
      const boxes = Array.from({ length: 12 }, (_, i): Box => [
        203 - 6 * i,
        61 + 3 * i,
        221 - 6 * i,
        103 + 3 * i,
      ]);
      const steps = boxes.map((box, i) => ({ frame: paintPeople(box), isLooking: i === 0 }));
      expect(errorOf(await follow(rig, steps), boxes.at(-1) as Box)).to.be.below(0.15);
    });

    it('and takes the smoothed mask along', async () => {
      // The second person makes the part larger that the model sees, and the first stands still.
      const frames = [paintPeople(person), paintPeople(person), paintPeople(person, other)];
      const steps = frames.map((frame) => ({ frame, isLooking: true }));
      const mask = await follow(rig, steps, 300);
      const inside = mask[82 * width + 212] as number;
      const outside = mask[82 * width + 160] as number;
      // A pixel of the model's, between whose centres masks are stretched, is as large as a third of the person.
      expect(inside).to.be.above(240);
      expect(outside).to.equal(0);
      expect(errorOf(mask, person, other)).to.be.below(0.5);
    });

    it('and sees others once it looks around', async () => {
      const one = { frame: paintPeople(person), isLooking: true };
      const both = { frame: paintPeople(person, other) };
      const middle = 110 * width + 41;
      const before = await follow(rig, [one, both, both]);
      rig.renderer.clear();
      const after = await follow(rig, [one, both, { ...both, isLooking: true }]);
      expect([before[middle], after[middle]]).to.deep.equal([0, 255]);
    });

    it('and finds them again after they were gone', async () => {
      const one = { frame: paintPeople(person) };
      const nobody = { frame: paintPeople() };
      const elsewhere = { frame: paintPeople(other) };
      const mask = await follow(rig, [one, one, nobody, elsewhere, elsewhere]);
      expect(errorOf(mask, other)).to.be.below(0.15);
    });

    it('and begins with all of the frame after it was cleared', async () => {
      await follow(rig, [{ frame: paintPeople(person), isLooking: true }]);
      rig.renderer.clear();
      const mask = await follow(rig, [{ frame: paintPeople(other) }]);
      expect(mask[110 * width + 41]).to.be.above(100);
    });

    it('in a picture by itself, and leaves the stream alone', async () => {
      const surface = rig.renderer.createSurface();
      const bitmap = await createBitmap(paintPeople(other));
      await rig.renderer.upload(surface, bitmap);
      bitmap.close();
      await follow(rig, [{ frame: paintPeople(person), isLooking: true }]);
      rig.renderer.look(surface, await infer(rig, surface, 'whole'), 'still');
      const answer = await infer(rig, surface, 'still');
      rig.renderer.postprocess(surface, answer, { refine: false, stream: null });
      expect(errorOf(await readMask(rig, surface), other)).to.be.below(0.15);
      const mask = await follow(rig, [{ frame: paintPeople(person) }]);
      expect(errorOf(mask, person)).to.be.below(0.15);
    });
  });
}
