import {
  Component,
  CUSTOM_ELEMENTS_SCHEMA,
  signal,
  type ElementRef,
  viewChild,
} from '@angular/core';
import 'void-segmenter';
import type { Effect, MaskEvent, VoidSegmenterElement } from 'void-segmenter';

@Component({
  selector: 'app-right',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <void-segmenter
      #element
      class="talk"
      [style.width.px]="640"
      src="talk.webm"
      autoplay
      [noRefine]="false"
      [blurRadius]="20"
      [effect]="effect()"
      mask-output="alpha"
      (click)="element.pause()"
      (void-mask)="onMask($event)"
      (void-error)="onCode($event.error.code)"
    >
      <h1 slot="behind">Behind the speaker</h1>
    </void-segmenter>
  `,
})
export class Right {
  readonly effect = signal<Effect>('blur');
  readonly element = viewChild.required<ElementRef<VoidSegmenterElement>>('element');

  onMask({ mask, timestampUs }: MaskEvent): void {
    console.log(mask.width, timestampUs.toFixed());
  }

  onCode(code: string): void {
    console.error(code);
  }
}
