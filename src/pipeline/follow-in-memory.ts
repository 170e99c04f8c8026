import { findPeople } from '../framing/find-people.ts';
import { aspectOf, followPeople } from '../framing/follow-people.ts';
import { PeopleFollower } from '../framing/people-follower.ts';
import type { ModelSpec, Surface, View } from '../stage.ts';
import { wholeFrame, type Region } from '../util/region.ts';

/** A frame in main memory, or on the GPU with its mask in main memory. */
interface FollowingSurface extends Surface {
  /** The part of the frame that the model saw, or is to see. */
  region: Region;
}

/** null for a model that sees all of every frame. */
export function createFollower(model: ModelSpec): PeopleFollower | null {
  return model.framing === 'people' ? new PeopleFollower(model) : null;
}

/** Which part of a frame the model is to see. */
export function chooseRegion(
  surface: FollowingSurface,
  view: View,
  follower: PeopleFollower | null,
): Region {
  if (!follower || view === 'whole') return wholeFrame;
  return view === 'stream' ? follower.next(surface) : surface.region;
}

/** What {@link Renderer.look} does. */
export function lookAround(
  surface: FollowingSurface,
  mask: Float32Array,
  view: 'stream' | 'still',
  { input, output }: ModelSpec,
  follower: PeopleFollower | null,
): void {
  if (view === 'stream') {
    follower?.look(mask);
    return;
  }
  const people = findPeople(mask, output, wholeFrame);
  surface.region = followPeople(people, wholeFrame, surface, aspectOf(input));
}
