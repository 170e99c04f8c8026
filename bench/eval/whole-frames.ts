/** Where the built-in models' manifests are once more, with which they see all of every frame. */
export const wholeFramesPrefix = '/whole-frames/';
