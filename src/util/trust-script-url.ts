interface Policy {
  createScriptURL(url: string): string;
}

/** Not every browser has it. */
declare const trustedTypes: { createPolicy(name: string, rules: Policy): Policy } | undefined;

let policy: Policy | null | undefined;

/**
 * Lets a worker be made from a URL where the page's Content Security Policy requires Trusted Types, by a policy named `void-segmenter`.
 *
 * @returns The URL as it is where there is no such policy: the page may have a default one.
 */
export function trustScriptUrl(url: string): string {
  policy ??= createPolicy();
  return policy?.createScriptURL(url) ?? url;
}

function createPolicy(): Policy | null {
  if (typeof trustedTypes === 'undefined') return null;
  try {
    return trustedTypes.createPolicy('void-segmenter', { createScriptURL: (url) => url });
  } catch {
    // The page's list of policies has another one of this name, or not this name.
    return null;
  }
}
