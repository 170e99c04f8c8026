import {
  Component,
  CUSTOM_ELEMENTS_SCHEMA,
  signal,
  viewChild,
  type ElementRef,
} from '@angular/core';
import type { Effect, MaskEvent, VoidSegmenterElement } from 'void-segmenter';

@Component({
  selector: 'app-root',
  templateUrl: './app.html',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
})
export class App {
  readonly effects: readonly Effect[] = ['replace', 'blur', 'mask'];
  readonly effect = signal<Effect>('replace');
  readonly isShown = signal(true);
  readonly share = signal('?');
  readonly segmenter = viewChild<ElementRef<VoidSegmenterElement>>('segmenter');

  choose(effect: string): void {
    this.effect.set(effect as Effect);
  }

  showShare({ mask: { data } }: MaskEvent): void {
    if (!data) return;
    const personPixels = data.filter((level) => level > 127).length;
    this.share.set(`${Math.round((100 * personPixels) / data.length)} %`);
  }

  togglePlay(): void {
    const element = this.segmenter()?.nativeElement;
    if (element?.state === 'paused') void element.play();
    else element?.pause();
  }
}
