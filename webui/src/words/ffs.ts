// What an instance wants of a CID against what is: in words, and where the two
// differ. Plain logic, so that it can be tested without a page.
import type { CidConfig, CidEntry, CidShown, FfsDeal, JobCause, JobState, JobStep } from '../api/ffs'
import type { DealBrief } from '../api/types'
import { bytes, fil, plural } from './amounts'
import { shortCid } from './names'
import { exactSpan } from './time'

export const jobStates: Record<JobState, string> = {
  queued: 'waits',
  in_progress: 'runs',
  failed: 'failed',
  cancelled: 'cancelled',
  done: 'done',
}

export const jobCauses: Record<JobCause, string> = {
  push: 'a pushed config',
  replace: 'a replacement',
  import: 'an import',
  renew: 'a renewal',
  repair: 'a repair',
  move: 'followed its instance to another scheduler',
}

export const jobSteps: Record<JobStep, string> = {
  waiting: 'waits for its turn',
  hot: 'sees to the hot copy',
  unfreeze: 'brings the bytes back from a provider',
  cold: 'makes deals',
  finish: 'finishes',
}

export const layers: Record<string, string> = {
  store: "the node's block store",
  ipfs: 'a Kubo node',
  cluster: 'an IPFS cluster',
  'cluster-s3': 'an IPFS cluster with a bucket',
}

export type Standing = 'running' | 'queued' | 'wanted' | 'stored' | 'behind' | 'short'

/// How a CID stands, in one word.
export function standing(e: CidEntry): Standing {
  if (e.running) return 'running'
  if (e.queued) return 'queued'
  if (e.latest === e.infoJob && e.pushed > e.infoTime) return 'stored'
  const off = e.config.hot.enabled !== e.hot.enabled || e.config.cold.enabled !== e.cold.enabled
  if (off || e.latest !== e.infoJob) return 'behind'
  return e.config.cold.enabled && e.deals && activeOf(e.deals) < e.config.cold.repFactor ? 'short' : 'wanted'
}

export function activeOf(deals: DealBrief[]): number {
  return deals.filter((d) => d.state === 'active').length
}

export const standings: Record<Standing, string> = {
  running: 'a job runs',
  queued: 'a job waits',
  wanted: 'as wanted',
  stored: 'config stored, without a job',
  behind: 'last job did not succeed',
  short: 'too few active deals',
}

export interface Side {
  name: string
  wanted: string
  /// Empty when it is not a state: it counts when something is done.
  is: string
  /// An epoch that belongs to `is`; -1 when there is none.
  epoch?: number
  differs?: boolean
  /// What it counts for, where `is` is empty.
  later?: string
}

const good = new Set(['intended', 'proposed', 'published', 'activated', 'active'])

function hotSides(e: CidShown): Side[] {
  const { hot } = e.config
  const rows: Side[] = [
    {
      name: 'Hot copy',
      wanted: hot.enabled ? 'kept' : 'not kept',
      is: e.hot.enabled ? `kept in ${layers[e.hot.layer] ?? e.hot.layer}, ${bytes(e.hot.size)}` : 'not kept',
      differs: hot.enabled !== e.hot.enabled,
    },
  ]
  if (!hot.enabled) return rows
  const price = hot.unfreezeMaxPrice === '0' ? 'allowed when it is free' : `allowed, up to ${fil(hot.unfreezeMaxPrice)}`
  return [
    ...rows,
    { name: 'Unfreeze', wanted: hot.allowUnfreeze ? price : 'not allowed', is: '', later: 'for the next job' },
    { name: 'Finding its blocks', wanted: `within ${exactSpan(hot.addTimeout)}`, is: '', later: 'for the next job' },
  ]
}

/// attoFIL for a GiB and an epoch.
export function pricePerGiB(d: { pricePerEpoch: string; paddedSize: number }): bigint {
  return d.paddedSize > 0 ? (BigInt(d.pricePerEpoch || '0') * 2n ** 30n) / BigInt(d.paddedSize) : 0n
}

function copies(e: CidShown, active: FfsDeal[], onTheWay: number): Side {
  const n = e.config.cold.repFactor
  return {
    name: 'Deals',
    wanted: `${plural(n, 'active deal')}${n > 1 ? ', each with another provider' : ''}`,
    is: `${active.length} active${onTheWay ? `, ${onTheWay} on the way` : ''}`,
    differs: active.length < n,
  }
}

function providers(e: CidShown, held: FfsDeal[]): Side {
  const { trustedMiners, excludedMiners } = e.config.cold
  const wishes = [trustedMiners.length ? `first ${trustedMiners.join(', ')}` : '', excludedMiners.length ? `not ${excludedMiners.join(', ')}` : '']
  return {
    name: 'Providers',
    wanted: wishes.filter(Boolean).join('; ') || 'any that fits',
    is: held.map((d) => d.provider).join(', ') || 'none',
    differs: held.some((d) => excludedMiners.includes(d.provider)),
  }
}

function price(e: CidShown, held: FfsDeal[]): Side {
  const most = BigInt(e.config.cold.maxPrice || '0')
  const paid = held.map(pricePerGiB).reduce((a, b) => (a > b ? a : b), 0n)
  return {
    name: 'Price per GiB and epoch',
    wanted: most > 0n ? `up to ${fil(String(most))}` : "the operator's limit",
    is: held.length ? `${held.length > 1 ? 'at most ' : ''}${fil(String(paid))}` : '',
    differs: most > 0n && paid > most,
  }
}

function terms(e: CidShown, held: FfsDeal[], epochSeconds: number): Side[] {
  const { cold } = e.config
  const span = (epochs: number) => exactSpan(epochs * epochSeconds)
  const shortest = Math.min(...held.map((d) => d.end - d.start))
  const verified = held.filter((d) => d.verified).length
  return [
    { name: 'Length', wanted: `at least ${span(cold.dealMinDuration)}`, is: held.length ? span(shortest) : '', differs: held.length > 0 && shortest < cold.dealMinDuration },
    price(e, held),
    { name: 'Paid from', wanted: cold.address ? shortCid(cold.address, 12) : 'the default address', is: [...new Set(held.map((d) => shortCid(d.client, 12)))].join(', ') },
    { name: 'DataCap', wanted: cold.verifiedDeal ? 'verified deals' : 'not used', is: verified ? plural(verified, 'verified deal') : held.length ? 'not used' : '', differs: cold.verifiedDeal && verified < held.length },
  ]
}

function onlyWanted({ cold }: CidConfig, epochSeconds: number): Side[] {
  const span = (epochs: number) => exactSpan(epochs * epochSeconds)
  return [
    { name: 'Countries', wanted: cold.countryCodes.join(', ') || 'any', is: '' },
    { name: 'Unsealed copy', wanted: cold.fastRetrieval ? 'asked for' : 'not asked for', is: '' },
    { name: 'Active within', wanted: span(cold.dealStartOffset), is: '' },
    { name: 'Piece', wanted: cold.sharePiece ? 'may be shared with others' : 'its own', is: '' },
  ]
}

/// What is wanted of a CID and what is, side by side.
export function sides(e: CidShown, epochSeconds: number): Side[] {
  const { cold } = e.config
  const held = e.proposals.filter((d) => good.has(d.state))
  const active = held.filter((d) => d.state === 'active')
  const kept: Side = {
    name: 'Cold storage',
    wanted: cold.enabled ? 'kept with providers' : 'not kept',
    is: e.cold.enabled ? `kept, ${bytes(e.cold.pieceSize)} with its padding` : active.length ? 'let go; its deals run to their end' : 'not kept',
    differs: cold.enabled !== e.cold.enabled,
  }
  const renewal: Side = { name: 'Renewal', wanted: cold.renew ? `${exactSpan(cold.renewThreshold * epochSeconds)} before the end` : 'no', is: '', epoch: e.renewAt }
  const repair: Side = { name: 'Repair', wanted: e.config.repairable ? 'by itself' : 'no', is: '', epoch: e.repairAt }
  const rest = cold.enabled ? [copies(e, active, held.length - active.length), providers(e, held), ...terms(e, held, epochSeconds), renewal, ...onlyWanted(e.config, epochSeconds)] : []
  return [...hotSides(e), kept, ...rest, repair]
}

/// What an error says first; the rest names every provider with its reason.
export function firstSentence(message: string): [first: string, rest: string] {
  const end = message.search(/\.\s/)
  return end < 0 ? [message, ''] : [message.slice(0, end + 1), message.slice(end + 2).trim()]
}

/// The field of a config that an error speaks of; '' when it is about none of them.
export function fieldOf(message: string): string {
  return /^((?:hot|cold)\.\w+|repairable)\b/.exec(message)?.[1] ?? ''
}
