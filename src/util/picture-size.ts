/** Size of a picture as shown (turned, cropped, with square pixels), in pixels. */
export function pictureSize(picture: VideoFrame | ImageBitmap): {
  readonly width: number;
  readonly height: number;
} {
  return 'displayWidth' in picture
    ? { width: picture.displayWidth, height: picture.displayHeight }
    : { width: picture.width, height: picture.height };
}
