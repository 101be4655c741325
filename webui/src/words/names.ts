// The system's own terms, in the words of a sentence.
import type { ContentState, DealState } from '../api/types'

export const stations = ['stored', 'in_bucket', 'packed', 'proposed', 'published', 'active'] as const
export type Station = (typeof stations)[number]

export const stationNames: Record<Station, string> = {
  stored: 'stored',
  in_bucket: 'in bucket',
  packed: 'packed',
  proposed: 'proposed',
  published: 'published',
  active: 'active',
}

export const stationMeaning: Record<Station, string> = {
  stored: 'Its bytes are durable on this node.',
  in_bucket: 'It waits in a bucket for company.',
  packed: 'It is part of a piece with a commitment.',
  proposed: 'Providers have accepted every promised copy.',
  published: 'Every promised copy is published on chain.',
  active: 'Every promised copy is active and final.',
}

export const contentStates: Record<ContentState, string> = {
  ...stationNames,
  degraded: 'degraded',
  failed: 'failed',
  removed: 'removed',
}

export const dealStates: Record<DealState, string> = {
  intended: 'intended',
  proposed: 'proposed',
  published: 'published',
  activated: 'activated, not final',
  active: 'active',
  rejected: 'refused',
  failed: 'failed',
  slashed: 'slashed',
  expired: 'expired',
}

export const readyReasons: Record<string, string> = {
  open: 'takes contents',
  size: 'full: over its threshold',
  age: 'ready: two days old',
  schedule: 'ready: its schedule came',
  count: 'ready: its count is full',
  closed: 'closed by hand',
}

/// Where a content is on the line: its last good station.
export function stationOf(state: ContentState): number {
  if (state === 'degraded') return stations.indexOf('active')
  return stations.indexOf(state as Station)
}

/// "bafybeig…x7qk": enough of both ends to recognise it.
export function shortCid(cid: string, head = 8, tail = 4): string {
  return cid.length <= head + tail + 1 ? cid : `${cid.slice(0, head)}…${cid.slice(-tail)}`
}

/// Ids that begin with the time of their making (UUID 7: jobs) all begin alike: of those the end is told.
export function shortId(id: string): string {
  if (id.length <= 13) return id
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(id) ? id.slice(-8) : id.slice(0, 8)
}

/// What the node says, with its long names short: addresses, CIDs.
export function withShort(words: string): string {
  return words.replace(/\b(?:[ft][0-4][a-z2-7]{38,}|ba[a-z2-7]{50,}|Qm[1-9A-HJ-NP-Za-km-z]{44})\b/g, (long) => shortCid(long))
}

/// One that was made for a content with a piece of its own is named after its id, which says nothing to a person.
export function bucketTitle(name: string): string {
  if (name === '') return 'global'
  return /^own\/[0-9a-f-]{36}$/.test(name) ? "one content's own" : name
}

const kinds: Record<string, string> = {
  'content.stored': 'stored',
  'content.assigned': 'put in a bucket',
  'content.packed': 'packed into a piece',
  'content.proposed': 'accepted by all its providers',
  'content.published': 'published with all its deals',
  'content.active': 'is safe: all its promised copies are active',
  'content.degraded': 'lost a copy, which will be replaced',
  'content.failed': 'left the queue without success',
  'content.problem': 'has a problem, or is rid of one',
  'content.offloaded': 'dropped its local copy',
  'content.restored': 'got its local copy back',
  'content.removed': 'removed by its owner',
  'content.changed': 'got a new name or promise',
  'content.requeued': 'went back among the unassigned',
  'bucket.created': 'takes contents',
  'bucket.filled': 'changed its level',
  'bucket.ready': 'takes no more and waits to be packed',
  'bucket.complete': 'is packed: all of it is in pieces',
  'bucket.problem': 'cannot be packed, or can again',
  'bucket.collected': 'was old and left the records',
  'piece.built': 'was built, with its commitment',
  'piece.placed': 'is placed: all its deals are active',
  'piece.degraded': 'lost a deal, which will be replaced',
  'piece.problem': 'cannot be placed, or can again',
  'piece.offloaded': 'dropped its local file',
  'piece.restored': 'was brought back from a provider',
  'piece.retired': 'is needed by no promise any more',
  'deal.intended': 'is about to be proposed',
  'deal.proposed': 'was accepted',
  'deal.rejected': 'was refused',
  'deal.published': 'is on chain',
  'deal.activated': 'started its sector, not yet final',
  'deal.active': 'is active and final',
  'deal.failed': 'did not become active in time',
  'deal.slashed': 'was ended early by the chain',
  'deal.expired': 'reached its end',
  'deal.reverted': 'went a step back by a reorganisation',
  'deal.renewed': 'nears its end and has a successor',
  'provider.seen': 'became known',
  'provider.changed': 'changed its ask or addresses',
  'provider.lost': 'does not answer',
  'provider.selected': 'had its providers chosen',
  'wallet.created': 'was made',
  'wallet.low': 'has too little balance or escrow',
  'message.intended': 'is about to be sent',
  'message.sent': 'is in the pool of the chain',
  'message.landed': 'was executed by the chain',
  'message.failed': 'failed on the chain',
  'chain.lost': 'does not answer or lags',
  'chain.back': 'answers again',
  'chain.reorg': 'was reorganised',
  'retrieval.done': 'was fetched from a provider and verified',
  'retrieval.failed': 'a provider could not give it back',
  'store.damaged': 'had damaged bytes',
  'store.repaired': 'has its damaged bytes replaced',
  'instance.created': 'was made',
  'instance.changed': 'changed its name, limits or defaults',
  'instance.deleted': 'was deleted with its data',
  'config.pushed': 'got a config',
  'config.removed': 'was let go of',
  'content.wanted': 'got wishes for its deals',
  'job.queued': 'waits for its turn',
  'job.started': 'began',
  'job.progress': 'came a step further',
  'job.done': 'is done: what it wanted is so',
  'job.failed': 'failed',
  'job.cancelled': 'was cancelled',
  'job.stuck': 'has not moved for a day',
  'retrieval.changed': 'began or ended',
  'webhook.changed': 'changed',
  'token.created': 'was made',
  'token.revoked': 'was revoked',
  'node.started': 'runs',
  'node.stopped': 'stopped in order',
}

export function kindWords(kind: string): string {
  return kinds[kind] ?? kind.split('.').pop() ?? kind
}

export type Tone = 'good' | 'wait' | 'loss' | ''

export function kindTone(kind: string): Tone {
  if (/\.(active|placed|done|back|repaired|complete)$/.test(kind)) return 'good'
  // Red is for copies and bytes that are lost; what failed without that waits on somebody.
  if (/^(deal\.(slashed|failed)|content\.(degraded|failed)|piece\.degraded|store\.damaged)$/.test(kind)) return 'loss'
  if (/\.(problem|low|stuck|rejected|reorg|reverted|expired|failed|lost)$/.test(kind)) return 'wait'
  return ''
}

/// Where in the dashboard the subject of an event is shown; null when nowhere.
export function subjectRoute(kind: string, subject: string, owner = ''): string | null {
  const place: Record<string, string> = {
    content: 'contents', retrieval: 'contents', bucket: 'buckets', piece: 'pieces', deal: 'deals', provider: 'providers',
  }
  const thing = kind.split('.')[0]
  if (!subject || kind === 'instance.deleted' || kind === 'config.removed') return null
  if (owner.startsWith('ffs/')) {
    const inside: Record<string, string> = { instance: '', config: `/cids/${subject}`, job: `/jobs/${subject}`, token: '/tokens', webhook: '/webhooks' }
    const part = kind === 'retrieval.changed' ? `/jobs/${subject}` : inside[thing]
    if (part !== undefined) return `/${owner}${part}`
  }
  if (kind === 'provider.selected') return `/pieces/${subject}`
  if (kind === 'content.removed' || kind === 'bucket.collected') return null
  return place[thing] ? `/${place[thing]}/${subject}` : thing === 'wallet' || thing === 'node' ? '/node' : null
}
