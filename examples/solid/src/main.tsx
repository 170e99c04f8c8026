import { render } from 'solid-js/web';
import 'void-segmenter';
import { App } from './app';

render(() => <App />, document.getElementById('app')!);
