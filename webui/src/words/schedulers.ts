// What a scheduler is set up with, in words.
import type { Scheduler } from '../api/ffs'
import { node } from '../live/node'
import { bytes, fil, plural } from './amounts'
import { exactSpan } from './time'

/// `store` is the node's own; every other name is the operator's.
export function layerWords(name: string): string {
  return name === 'store' ? "the node's block store" : name
}

export function selectorWords(s: Scheduler): string {
  if (s.selector === 'fixed') return 'fixed providers'
  return s.selector === 'reputation' ? 'the best reputation first' : 'the cheapest first'
}

export function everyWords(s: Scheduler): string {
  return s.repairEvery > 0 ? exactSpan(s.repairEvery * (node.value?.epochSeconds || 30)) : 'never'
}

export function capWords(s: Scheduler): string {
  return s.maxPrice === '0' ? 'what a config says' : fil(s.maxPrice)
}

export function rowsOf(s: Scheduler): [string, string][] {
  return [
    ['Hot layer', layerWords(s.hot)],
    ['Chooses', selectorWords(s) + (s.miners.length ? `: ${s.miners.join(', ')}` : '')],
    ['At once', plural(s.parallel, 'job')],
    ['Repairs', s.repairEvery > 0 ? `looked for every ${everyWords(s)}` : 'never looked for'],
    ['Price cap', `${capWords(s)}${s.maxPrice === '0' ? '' : ' per GiB and epoch'}`],
    ['Least size', s.leastSize > 0 ? bytes(s.leastSize) : 'any'],
  ]
}
