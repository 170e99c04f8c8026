/** Files that people take for ONNX models, and what to do with them. */
interface ForeignFile {
  /** Offset of the mark that tells, in bytes. */
  readonly offset: number;
  readonly mark: string;
  readonly advice: string;
}

const foreignFiles: readonly ForeignFile[] = [
  {
    offset: 4,
    mark: 'TFL3',
    advice: 'It is a TensorFlow Lite model; turn it into ONNX with "void-model convert".',
  },
  {
    offset: 4,
    mark: 'ORTM',
    advice: 'It is in the ORT format, made for one runtime; take the .onnx file it was made from.',
  },
  {
    offset: 0,
    mark: 'PK',
    advice:
      'It is a ZIP archive, as PyTorch saves models; export the model with torch.onnx.export.',
  },
  {
    offset: 0,
    mark: '\x89HDF',
    advice: 'It is an HDF5 file, as Keras saves models; convert it with tf2onnx.',
  },
  {
    offset: 0,
    mark: 'version https://git-lfs',
    advice: 'It is a pointer of Git LFS; fetch the model itself with "git lfs pull".',
  },
  { offset: 0, mark: '\x1f\x8b', advice: 'It is compressed by gzip; unpack it.' },
  {
    offset: 0,
    mark: '<',
    advice: 'It is a web page, such as a server sends for an address it does not know.',
  },
];

/** What a file that is no ONNX model is and what to do, as a sentence; empty if it is unknown. */
export function adviseOnForeignFile(bytes: Uint8Array): string {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 64)).trimStart();
  return foreignFiles.find(({ offset, mark }) => head.startsWith(mark, offset))?.advice ?? '';
}
