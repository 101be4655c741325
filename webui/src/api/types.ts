// What the API answers. Field names are those of messages/types/records.hpp;
// epochs that are not known are -1, references that are not set are "".

export type ContentState =
  | 'stored' | 'in_bucket' | 'packed' | 'proposed' | 'published' | 'active' | 'degraded' | 'failed' | 'removed'
export type DealState =
  | 'intended' | 'proposed' | 'published' | 'activated' | 'active' | 'rejected' | 'failed' | 'slashed' | 'expired'

export interface Problem { code: string; message: string }
export interface Moment { state: string; at: number; time: number }
export interface Sum { count: number; bytes: number }

export interface DealBrief { uuid: string; provider: string; id: number; state: DealState; replaces?: string }

export interface Content {
  id: string
  owner: string
  name: string
  cid: string
  size: number
  dagSize: number
  blocks: number
  files: number
  state: ContentState
  copies: number
  local: boolean
  bucket: string
  bucketName: string
  createdAt: number
  created: number
  problem: Problem
  failingSince: number
  mayBeDropped: boolean
  life: Moment[]
  deals?: DealBrief[]
  pieces?: string[]
  placements?: Placement[]
}

export interface Placement {
  content: string
  part: number
  parts: number
  piece: string
  segment: number
  offset: number
  length: number
  root: string
}

export interface Bucket {
  id: string
  owner: string
  name: string
  state: 'init' | 'complete'
  ready: 'open' | 'size' | 'age' | 'schedule' | 'count' | 'closed'
  threshold: number
  maxCount: number
  every: number
  dueAt: number
  size: number
  count: number
  createdAt: number
  created: number
  readyAt: number
  completeAt: number
  pieces: string[]
  problem: Problem
}

export interface Piece {
  cid: string
  paddedSize: number
  payloadSize: number
  root: string
  state: 'built' | 'placed' | 'degraded' | 'retired'
  bucket: string
  copies: number
  local: boolean
  segments: number
  contents: number
  createdAt: number
  created: number
  problem: Problem
  failingSince: number
  deals?: DealBrief[]
  selection?: Selection | null
}

export interface Deal extends DealBrief {
  piece: string
  paddedSize: number
  client: string
  label: string
  verified: boolean
  start: number
  end: number
  pricePerEpoch: string
  providerCollateral: string
  clientCollateral: string
  proposal: string
  publishMessage: string
  sector: number
  sectorStart: number
  createdAt: number
  created: number
  problem: Problem
  replaces: string
  attempts: number
  life: Moment[]
}

export interface Rejection { provider: string; code: string; reason: string; value: string; limit: string }
export interface Selection { piece: string; at: number; wanted: number; chosen: string[]; rejections: Rejection[] }

export interface Provider {
  id: string
  multiaddrs: string[]
  peerId: string
  country?: string
  sectorSize: number
  reachable: boolean
  price: string
  verifiedPrice: string
  minPiece: number
  maxPiece: number
  askExpiry: number
  askedAt: number
  dealsMade: number
  dealsFailed: number
  retrievalsOk: number
  retrievalsFailed: number
  avoidUntil: number
  problem: Problem
  lastSelections?: Selection[]
}

export interface Wallet {
  addr: string
  name: string
  isDefault: boolean
  balance: string
  escrow: string
  locked: string
}

export interface NodeInfo {
  version: string
  network: string
  role: string
  startedAt: number
  uptimeSeconds: number
  revision: number
  epoch: number
  finalizedEpoch: number
  genesisTime: number
  epochSeconds: number
  chain: { connected: boolean; lagEpochs: number; problem: Problem | string | null }
  store: { blocks: number; blockBytes: number; pieceBytes: number; freeBytes: number }
  memory: { rss: number }
  queues: { name: string; length: number; limit: number }[]
  config: Record<string, unknown>
  rates?: Record<string, number>
}

export interface Attention {
  kind: string
  subject: string
  name: string
  problem: Problem
  action: string
}

export interface Summary {
  contents: Sum
  safe: Sum
  onTheirWay: Sum
  none: Sum
  attention: Attention[]
  byState: Partial<Record<ContentState, Sum>>
  buckets: { open: number; ready: number; complete: number }
  deals: Partial<Record<DealState, number>>
}

export interface Flow {
  step: number
  from: number
  series: { in: number[]; packed: number[]; proposed: number[]; active: number[] }
}

export interface WeirEvent {
  kind: string
  subject: string
  owner: string
  fields: Record<string, string>
}

export interface Change { table: string; key: string; record: Record<string, unknown> | null }

export interface Transaction {
  revision: number
  previous?: number // in a stream: of the one that was delivered before
  time: number
  events: WeirEvent[]
  changes?: Change[]
}

export interface Explain {
  sentences: string[]
  safe: boolean
  next: { what: string; when: string; atEpoch: number } | null
  rejections: Rejection[]
}

export interface FileEntry { name: string; type: 'file' | 'dir' | 'symlink'; size: number; cid: string }

/// Blocks that stay here for their owner. `created` is Unix ms.
export interface Pin { cid: string; mode: 'recursive' | 'direct'; name: string; owner: string; created: number; blocks: number; bytes: number }

export interface Page<T> { items: T[]; next: string | null; revision?: number }
