import type { ChannelAnalysis, Filters } from './find-channels.ts';

export interface PruneOptions {
  /** Share of each layer's channels to remove, 0..1. */
  readonly ratio: number;
  /** How to measure a filter: the sum of its weights' sizes, or the root of that of their squares. Default `l1`. */
  readonly norm?: 'l1' | 'l2';
  /** The number of channels left is the nearest multiple of this: runtimes compute four at once. Default 4. */
  readonly multiple?: number;
}

/** What was chosen. */
export interface Choice {
  /** The channels that stand for their ties. */
  readonly removed: ReadonlySet<number>;
  /** Channels that convolutions make, each tie counted once. */
  readonly total: number;
  /** Those of them that cannot be removed alone. */
  readonly kept: number;
}

/**
 * Chooses the channels whose filters weigh least. Convolutions whose channels are tied, as by an Add, are one layer: a
 * tie weighs what its filters weigh together, each measured by the mean of its convolution. Every convolution keeps one.
 */
export function chooseChannels(
  { ties, filters }: ChannelAnalysis,
  { ratio, norm = 'l1', multiple = 4 }: PruneOptions,
): Choice {
  const removed = new Set<number>();
  let [total, kept] = [0, 0];
  for (const layer of joinTied(filters, ties.find.bind(ties))) {
    const weights = new Map<number, number>();
    for (const each of layer) {
      const sizes = measureFilters(each, norm);
      for (const [i, channel] of each.channels.entries()) {
        const tie = ties.find(channel);
        weights.set(tie, (weights.get(tie) ?? 0) + (sizes[i] ?? 0));
      }
    }
    const removable = [...weights].filter(([tie]) => !ties.isKept(tie));
    total += weights.size;
    kept += weights.size - removable.length;
    const steps = Math.max(Math.round((weights.size * (1 - ratio)) / multiple), 1);
    const left = steps * multiple;
    const lightest = removable
      .sort(([, a], [, b]) => a - b)
      .slice(0, Math.max(weights.size - left, 0));
    for (const [tie] of lightest) {
      removed.add(tie);
      const isEmpty = layer.some(({ channels }) =>
        channels.every((at) => removed.has(ties.find(at))),
      );
      if (isEmpty) removed.delete(tie);
    }
  }
  return { removed, total, kept };
}

/** Convolutions that share a tie. */
function joinTied(
  filters: readonly Filters[],
  find: (channel: number) => number,
): readonly (readonly Filters[])[] {
  const layers: { readonly members: Filters[]; readonly ties: Set<number> }[] = [];
  for (const each of filters) {
    const joined = { members: [each], ties: new Set(each.channels.map(find)) };
    for (const layer of layers.filter(({ ties }) =>
      [...joined.ties].some((tie) => ties.has(tie)),
    )) {
      joined.members.push(...layer.members);
      for (const tie of layer.ties) joined.ties.add(tie);
      layers.splice(layers.indexOf(layer), 1);
    }
    layers.push(joined);
  }
  return layers.map(({ members }) => members);
}

/** Size of each filter, in units of their mean. */
function measureFilters(
  { weights, axis, channels }: Filters,
  norm: 'l1' | 'l2',
): readonly number[] {
  const { dims, data } = weights;
  const inner = dims.slice(axis + 1).reduce((product, size) => product * size, 1);
  const sums = channels.map(() => 0);
  for (const [i, value] of data.entries()) {
    const channel = Math.floor(i / inner) % channels.length;
    sums[channel] = (sums[channel] ?? 0) + (norm === 'l1' ? Math.abs(value) : value * value);
  }
  const sizes = norm === 'l1' ? sums : sums.map(Math.sqrt);
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length || 1;
  return sizes.map((size) => size / mean);
}
