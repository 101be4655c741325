// What /api/v1/ffs answers. Field names are those of messages/types/ffs.hpp and
// ffs_config.hpp; amounts are attoFIL as text, durations of deals epochs.
import type { Deal, DealBrief, Problem, Rejection } from './types'

/// Of limits 0 is none. Jobs are those that wait.
export interface Quota { bytes: number; jobs: number; spend: string }

/// An instance that has a limit.
export interface Usage { id: string; name: string; limits: Quota; usage: Quota }

export interface Instance {
  id: string
  name: string
  owner: string
  scheduler: string
  created: number
  wallet: string
  limits: Quota
  /// A scheduler that still has CIDs of it: they are being taken over.
  movedFrom?: string
  openJobs?: number
  deleting?: boolean
  /// When it was asked for.
  usage?: Quota
}

export interface NewInstance extends Instance { token: string }

export type Scope = 'read' | 'store' | 'wallet' | 'admin'
export const allScopes: Scope[] = ['read', 'store', 'wallet', 'admin']

/// `lastUse` is to the minute; 0: never.
export interface Token { name: string; instance: string; scopes: Scope[]; created: number; expires: number; lastUse: number; token?: string }

/// What instances can be wired to. `repairEvery` is epochs, `maxPrice` attoFIL for a GiB and epoch.
export interface Scheduler {
  name: string
  hot: string
  selector: 'fixed' | 'reputation' | 'cheapest'
  miners: string[]
  parallel: number
  repairEvery: number
  maxPrice: string
  leastSize: number
  openJobs: number
}

export interface Webhook {
  instance: string
  id: string
  url: string
  /// Names; none: all that there are.
  events: string[]
  created: number
  /// Everything up to this revision was delivered.
  told: number
  /// In a row.
  failures: number
  failingSince: number
  lastTry: number
  lastSuccess: number
  nextTry: number
  err: ErrCause
  signingSecret?: string
}

export interface HotConfig { enabled: boolean; allowUnfreeze: boolean; unfreezeMaxPrice: string; addTimeout: number }

export interface ColdConfig {
  enabled: boolean
  repFactor: number
  dealMinDuration: number
  excludedMiners: string[]
  trustedMiners: string[]
  countryCodes: string[]
  renew: boolean
  renewThreshold: number
  address: string
  maxPrice: string
  fastRetrieval: boolean
  dealStartOffset: number
  verifiedDeal: boolean
  sharePiece: boolean
  dealTimeout: number
}

export interface CidConfig { hot: HotConfig; cold: ColdConfig; repairable: boolean }

export interface CidEntry {
  instance: string
  cid: string
  config: CidConfig
  pushed: number
  stored: boolean
  hot: { enabled: boolean; size: number; layer: string; since: number }
  cold: { enabled: boolean; content: string; pieceSize: number }
  infoJob: string
  infoTime: number
  queued: string
  running: string
  latest: string
  renewAt: number
  repairAt: number
  scheduler: string
  /// In lists: its deals in brief.
  deals?: DealBrief[]
}

export interface FfsSelection { piece: string; at: number; wanted: number; chosen: string[]; rejections: Rejection[] }

export type CidShown = CidEntry & { proposals: FfsDeal[]; selections: FfsSelection[] }

export type JobState = 'queued' | 'in_progress' | 'failed' | 'cancelled' | 'done'
export type JobCause = 'push' | 'replace' | 'import' | 'renew' | 'repair' | 'move'
export type JobStep = 'waiting' | 'hot' | 'unfreeze' | 'cold' | 'finish'

export interface ErrCause extends Problem { value: string; limit: string }

export interface Job {
  instance: string
  id: string
  cid: string
  scheduler: string
  config: CidConfig
  why: JobCause
  replaces: string
  state: JobState
  step: JobStep
  err: ErrCause
  dealErrors: { deal: string; provider: string; message: string }[]
  created: number
  started: number
  ended: number
  unfroze: boolean
}

export interface LogLine { cid: string; time: number; job: string; number: number; message: string }

export interface FfsDeal extends Deal { content?: string; instance?: string; cid?: string; updated?: number }

export interface Retrieval {
  instance: string
  id: string
  cid: string
  address: string
  pending: boolean
  bytesReceived: number
  paid: string
  started: number
  ended: number
  updated: number
  err: ErrCause
}

export interface FfsWallet {
  addr: string
  name: string
  default: boolean
  balance: string
  escrow: string
  locked: string
  available: string
}

/// A path below an instance: at('ID', 'cids', CID).
export function at(instance: string, ...parts: string[]): string {
  return ['/ffs/instances', instance, ...parts].map((p, i) => (i ? encodeURIComponent(p) : p)).join('/')
}

export function isFinal(state: JobState): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}
