// The fields of a CidConfig: what each is called, what it means, and how its
// value is written and read in a form.
import type { CidConfig } from '../api/ffs'
import { exactFil, parseFil } from './amounts'
import { exactSpan, parseSpan } from './time'

export type Kind = 'flag' | 'count' | 'seconds' | 'epochs' | 'fil' | 'list' | 'address'

export interface Field {
  path: string
  label: string
  kind: Kind
  help?: string
  /// It means something only while this flag is set.
  needs?: string
}

export const hotFields: Field[] = [
  { path: 'hot.enabled', label: 'Keep a hot copy', kind: 'flag', help: 'On this node, or in the hot layer that it is set up with.' },
  { path: 'hot.addTimeout', label: 'Time to find its blocks', kind: 'seconds', needs: 'hot.enabled' },
  { path: 'hot.allowUnfreeze', label: 'May be fetched back', kind: 'flag', needs: 'hot.enabled', help: 'From a provider, when the hot layer does not have it.' },
  { path: 'hot.unfreezeMaxPrice', label: 'Highest price of that', kind: 'fil', needs: 'hot.allowUnfreeze', help: '0: only what is free.' },
  { path: 'repairable', label: 'Repair by itself', kind: 'flag', help: 'It is looked at again, and brought back to what is wanted.' },
]

export const coldFields: Field[] = [
  { path: 'cold.enabled', label: 'Make deals', kind: 'flag' },
  { path: 'cold.repFactor', label: 'Copies', kind: 'count', needs: 'cold.enabled', help: 'Active deals, each with another provider.' },
  { path: 'cold.dealMinDuration', label: 'Length of a deal', kind: 'epochs', needs: 'cold.enabled' },
  { path: 'cold.dealStartOffset', label: 'Active within', kind: 'epochs', needs: 'cold.enabled' },
  { path: 'cold.dealTimeout', label: 'A job waits for its deals', kind: 'epochs', needs: 'cold.enabled', help: '0: until they have to start.' },
  { path: 'cold.renew', label: 'Renew', kind: 'flag', needs: 'cold.enabled', help: 'A deal near its end gets a successor, made from the hot copy.' },
  { path: 'cold.renewThreshold', label: 'Before the end', kind: 'epochs', needs: 'cold.renew' },
  { path: 'cold.maxPrice', label: 'Highest price', kind: 'fil', needs: 'cold.enabled', help: "Per GiB and epoch. 0: the operator's limit alone." },
  { path: 'cold.address', label: 'Paid from', kind: 'address', needs: 'cold.enabled' },
  { path: 'cold.verifiedDeal', label: 'Use DataCap', kind: 'flag', needs: 'cold.enabled' },
  { path: 'cold.fastRetrieval', label: 'Unsealed copy', kind: 'flag', needs: 'cold.enabled', help: 'The provider can give it back at once.' },
  { path: 'cold.sharePiece', label: 'May share a piece', kind: 'flag', needs: 'cold.enabled', help: "With others, on the node's own terms." },
  { path: 'cold.trustedMiners', label: 'Providers to ask first', kind: 'list', needs: 'cold.enabled', help: 'Such as t01000, t01003.' },
  { path: 'cold.excludedMiners', label: 'Providers to leave out', kind: 'list', needs: 'cold.enabled' },
  { path: 'cold.countryCodes', label: 'Only in these countries', kind: 'list', needs: 'cold.enabled', help: 'Such as CH, DE. Empty: everywhere.' },
]

export const allFields = [...hotFields, ...coldFields]

type Value = string | number | boolean | string[]
export type Draft = Record<string, string | boolean>

export function valueAt(config: CidConfig, path: string): Value {
  const [part, name] = path.split('.')
  const value = (config as unknown as Record<string, unknown>)[part]
  return (name ? (value as Record<string, unknown>)[name] : value) as Value
}

/// As a field of a form shows it.
export function shown(value: Value, kind: Kind, epochSeconds: number): string | boolean {
  switch (kind) {
    case 'flag': return Boolean(value)
    case 'fil': return exactFil(String(value))
    case 'seconds': return exactSpan(Number(value))
    case 'epochs': return exactSpan(Number(value) * epochSeconds)
    case 'list': return (value as string[]).join(', ')
    default: return String(value)
  }
}

export function draftOf(config: CidConfig, epochSeconds: number): Draft {
  return Object.fromEntries(allFields.map((f) => [f.path, shown(valueAt(config, f.path), f.kind, epochSeconds)]))
}

/// What stands in a field; an error in words when it cannot be read.
export function read(text: string | boolean, kind: Kind, epochSeconds: number): { value?: Value; error?: string } {
  if (typeof text === 'boolean') return { value: text }
  const words = text.trim()
  if (kind === 'address') return { value: words }
  if (kind === 'list') return { value: words.split(/[\s,]+/).filter(Boolean) }
  if (kind === 'count') return /^\d+$/.test(words) ? { value: Number(words) } : { error: 'A whole number is needed.' }
  if (kind === 'fil') {
    const atto = parseFil(words)
    return atto === null ? { error: 'An amount is needed, such as 0.5 FIL or 20 nanoFIL.' } : { value: atto }
  }
  const seconds = parseSpan(words, epochSeconds)
  if (seconds === null) return { error: 'A time with its unit is needed, such as 180 d, 72 h or 30 epochs.' }
  return { value: kind === 'seconds' ? Math.round(seconds) : Math.round(seconds / epochSeconds) }
}

/// The config that a form means, or what is wrong at which field.
export function configOf(draft: Draft, epochSeconds: number): { config: CidConfig; errors: Record<string, string> } {
  const config: Record<string, unknown> = { hot: {}, cold: {} }
  const errors: Record<string, string> = {}
  for (const f of allFields) {
    const { value, error } = read(draft[f.path], f.kind, epochSeconds)
    if (error) errors[f.path] = error
    const [part, name] = f.path.split('.')
    if (name) (config[part] as Record<string, unknown>)[name] = value
    else config[part] = value
  }
  return { config: config as unknown as CidConfig, errors }
}

/// "--set cold.repFactor=2 …" for what is not as in `preset`.
export function setFlags(config: CidConfig, preset: CidConfig): string {
  const text = (v: Value) => (typeof v === 'string' ? v : JSON.stringify(v))
  return allFields
    .map((f) => [f.path, text(valueAt(config, f.path)), text(valueAt(preset, f.path))])
    .filter(([, now, before]) => now !== before)
    .map(([path, now]) => ` --set ${path}=${/[\s[\]"]/.test(now) ? `'${now}'` : now || '""'}`)
    .join('')
}
