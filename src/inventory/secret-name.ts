/**
 * Whether a variable of this name holds something that must not be shown, such as `ansible_winrm_pass` or `api_token`; the URL of
 * a proxy may carry a password.
 * A name too many costs a reader little; a name too few shows a password.
 */
export function isSecretName(name: string): boolean {
  return /pass(?!ive|enger)|pwd|secret|token|credential|private_?key|api_?key|_key$|_proxy$/i.test(name);
}
