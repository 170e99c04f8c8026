import { mount } from 'svelte';
import 'void-segmenter';
import App from './app.svelte';

mount(App, { target: document.getElementById('app')! });
