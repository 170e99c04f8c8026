import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';
import type { MaskEvent } from 'void-segmenter';

@Component({
  selector: 'app-wrong',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <!-- wrong: carried by another event -->
    <void-segmenter (void-mask)="log($event.stats)"></void-segmenter>
    <!-- wrong: another event -->
    <void-segmenter (void-stats)="onMask($event)"></void-segmenter>
    <!-- wrong: no such method -->
    <void-segmenter #element (click)="element.stop()"></void-segmenter>
  `,
})
export class Wrong {
  log(value: unknown): void {
    console.log(value);
  }

  onMask({ mask }: MaskEvent): void {
    console.log(mask.width);
  }
}

/** What Angular does not check: with the schema it takes any property and any value of it, and any event of any type. */
@Component({
  selector: 'app-unchecked',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <void-segmenter effect="sepia"></void-segmenter>
    <void-segmenter [effect]="'sepia'"></void-segmenter>
    <void-segmenter [maskOutptu]="'alpha'"></void-segmenter>
    <void-segmenter (void-msak)="log($event)"></void-segmenter>
    <void-segmentr></void-segmentr>
  `,
})
export class Unchecked {
  log(value: unknown): void {
    console.log(value);
  }
}
