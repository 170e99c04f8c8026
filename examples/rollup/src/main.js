import 'void-segmenter';

const segmenter = document.querySelector('void-segmenter');
const output = document.querySelector('output');

document.querySelector('select').addEventListener('change', ({ target }) => {
  segmenter.effect = target.value;
});
segmenter.addEventListener('void-mask', ({ mask }) => {
  const personPixels = mask.data.filter((level) => level > 127).length;
  output.textContent = `${Math.round((100 * personPixels) / mask.data.length)} %`;
});
