export type ScalarValue = null | boolean | number | string;
/** Of YAML; or `json`, which is YAML 1.2 without its strictness. */
export type YamlVersion = '1.1' | '1.2' | 'json';

/** What an unquoted scalar means. Numbers that a double cannot hold exactly stay texts. */
export function resolveScalar(text: string, version: YamlVersion): ScalarValue {
  return version === '1.1' ? resolveScalar11(text) : resolveScalar12(text);
}

/** Core schema. @see https://yaml.org/spec/1.2.2/#103-core-schema */
function resolveScalar12(text: string): ScalarValue {
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  const isNumber =
    /^[-+]?\d+$/.test(text) ||
    /^0o[0-7]+$/.test(text) ||
    /^0x[\da-fA-F]+$/.test(text) ||
    /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text);
  return isNumber ? exact(Number(text), text) : text;
}

/**
 * YAML 1.1 as PyYAML reads it, which is what Ansible does: `y` and `1e3` are texts, `22:00` is 1320, `010` is 8.
 * Dates stay texts.
 *
 * @see https://yaml.org/type/
 */
function resolveScalar11(text: string): ScalarValue {
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return null;
  if (/^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/.test(text)) return true;
  if (/^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/.test(text)) return false;
  const [, sign = '', digits = ''] = /^([-+]?)([\s\S]*)$/.exec(text) ?? [];
  const value = unsigned11(digits);
  return value === undefined ? text : exact(sign === '-' ? -value : value, text);
}

function unsigned11(digits: string): number | undefined {
  const bare = digits.replaceAll('_', '');
  if (/^0b[01_]+$/.test(digits)) return Number(bare);
  if (/^0x[\da-fA-F_]+$/.test(digits)) return Number(bare);
  if (/^0[0-7_]+$/.test(digits)) return Number.parseInt(bare, 8);
  if (/^(?:0|[1-9][\d_]*)$/.test(digits)) return Number(bare);
  if (/^[1-9][\d_]*(?::[0-5]?\d)+$/.test(digits)) return sexagesimal(bare);
  if (/^\d[\d_]*(?::[0-5]?\d)+\.[\d_]*$/.test(digits)) return sexagesimal(bare);
  if (/^(?:\d[\d_]*\.[\d_]*|\.\d[\d_]*)(?:[eE][-+]\d+)?$/.test(digits)) return Number(bare);
  return undefined;
}

function sexagesimal(digits: string): number {
  return digits.split(':').reduce((total, part) => total * 60 + Number(part), 0);
}

function exact(value: number, text: string): number | string {
  const isExact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  return isExact ? value : text;
}
