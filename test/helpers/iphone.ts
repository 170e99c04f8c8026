/** Lets this browser pass for Safari on an iPhone, as far as the page asks. To be undone by what is returned. */
export function pretendIphone(): () => void {
  Object.defineProperty(navigator, 'standalone', { value: false, configurable: true });
  Object.defineProperty(navigator, 'maxTouchPoints', { value: 5, configurable: true });
  return () => {
    Reflect.deleteProperty(navigator, 'standalone');
    Reflect.deleteProperty(navigator, 'maxTouchPoints');
  };
}
