@0xd9a1c35e7b40f286;
# The remote API of a Weir node over Cap'n Proto RPC: on the unix socket
# DATA/rpc.sock (mode 0600) and on TCP (--rpc HOST:PORT; with TLS when that is
# not loopback). This file is the reference; docs/remote-clients.md shows it in
# C++, Python and Node.
#
# How it is used
#   bootstrap → Weir.authenticate(token) → Session, which holds one capability
#   for each scope that the token has. A method that a token may not call is on
#   no capability that it got.
#
# Errors
#   A failed call is a Cap'n Proto exception whose reason is
#       CODE: SENTENCE (value: OFFENDING VALUE, limit: LIMIT)
#   with a code of Weir's catalogue (not-found, unauthenticated, conflict, …);
#   the part in brackets is there when there is something to say. What belongs
#   to somebody else is not-found. The exception's type says what to do: failed
#   (do not repeat), overloaded (later), disconnected (connect again),
#   unimplemented.
#
# Values
#   Text is UTF-8. CIDs are base32 text, addresses f0…/f1…/f3… text, amounts
#   decimal attoFIL in text, ids are UUIDs in text, times milliseconds since
#   1970, durations epochs of 30 seconds. What is not there is -1 for an epoch,
#   0 for a deal's id and for a time, "" for a reference, "none" for a
#   problem's code.
#
# Revisions
#   Each committed transaction has a number, one higher than the one before.
#   Whoever remembers the last one that it has dealt with resumes a watch from
#   there, also after the node was started anew: nothing is missed or repeated.
#
# How this file may change (evolution rules)
#   - Never change or reuse the number, type or meaning of a field, method,
#     enumerant or type; never change an @0x… id.
#   - Append: fields, methods, enumerants, interfaces. A new field's default
#     means "as before". Names may change (they are not on the wire).
#   - A parameter that is no longer read stays, named obsoleteX.
#   - Clients pass over enumerants and union members that they do not know.
#   - About.protocol counts changes that a client may want to know of; calls
#     that a server does not have fail as unimplemented.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("weir::wire");

const protocol :UInt32 = 4;
# What About.protocol says for this file.

const fromNow :UInt64 = 0xffffffffffffffff;
# As fromRevision of a watch: only what is still to come.

# ------------------------------------------------------------------- entrance

interface Weir {
  # The bootstrap capability. Whoever does not authenticate within a minute is
  # disconnected.

  about @0 () -> (about :About);
  # Of this node; for anybody.

  authenticate @1 (token :Text) -> (session :Session);
  # What the token stands for. On the unix socket an empty one is the
  # operator's. When a token is revoked or expires, everything that was got
  # with it ends at once. Errors: unauthenticated.

  ping @2 ();
  # Answers. The protocol has no heartbeat of its own: call it now and then to
  # notice a peer that is gone.
}

struct About {
  version @0 :Text;
  network @1 :Text;          # name of the chain; "none" without one
  protocol @2 :UInt32;
  epoch @3 :Int64;           # of the chain, now
  revision @4 :UInt64;       # newest
  oldestRevision @5 :UInt64; # that a watch can begin at
}

enum Scope {
  read @0;   # Reading
  store @1;  # Storing
  wallet @2; # Instance.wallets
  admin @3;  # of an instance's token: Instance.admin; otherwise the operator, who sees what belongs to others
}

struct Session {
  owner @0 :Text;
  scopes @1 :List(Scope);
  # A capability whose scope the token does not have refuses every call
  # (forbidden).
  reading @2 :Reading;
  storing @3 :Storing;
  instance @4 :Instance;
  # Of a token of an FFS instance. For other tokens its id is "" and its
  # capabilities refuse every call (not-found).
  manager @5 :Manager; # the operator's
}

# -------------------------------------------------------------- scope: reading

interface Reading {
  # Lists go by key: `next` is what page.after has to be for the items that
  # follow; empty at the end. A filtered list looks at a bounded number of
  # records, so a page may be short (even empty) and yet have a next one.

  listContents @0 (filter :ContentFilter, page :Page) -> (items :List(Content), next :Text, revision :UInt64);
  getContent @1 (id :Text, at :UInt64) -> (content :Content, placements :List(Placement), deals :List(Deal));
  explainContent @2 (id :Text) -> (explanation :Explanation);
  # Why it is not yet safe, what happens next and when.

  download @3 (content :Text, path :Text, source :Source, offset :UInt64, length :UInt64, sink :ByteSink)
      -> (entry :Entry, local :Bool, sent :UInt64);
  # Writes the bytes of a file (length 0: to its end) to the sink and closes
  # it; every block is verified. Answers when the sink has taken everything.
  # `local` is false when they came from a storage provider. An exception of
  # the sink ends it. Errors: invalid-path, invalid-range, overloaded (too many
  # at once on one connection).

  listBuckets @4 (page :Page) -> (items :List(Bucket), next :Text, revision :UInt64);
  # The caller's and the global ones.
  getBucket @5 (id :Text, at :UInt64) -> (bucket :Bucket);
  listPieces @6 (page :Page) -> (items :List(Piece), next :Text, revision :UInt64);
  getPiece @7 (cid :Text, at :UInt64) -> (piece :Piece, deals :List(Deal), selection :Selection);
  # The selection says why which providers were chosen and the others were not.
  listDeals @8 (page :Page) -> (items :List(Deal), next :Text, revision :UInt64);
  getDeal @9 (uuid :Text, at :UInt64) -> (deal :Deal);
  listProviders @10 (page :Page)
    -> (items :List(Provider), next :Text, revision :UInt64, asks :AskSummary);
  getProvider @11 (address :Text, at :UInt64) -> (provider :Provider);

  watch @12 (filter :WatchFilter, fromRevision :UInt64, watcher :Watcher, window :UInt32 = 32)
      -> (subscription :Subscription, revision :UInt64);
  # Every transaction after fromRevision that fits, in order; then what comes,
  # live, without a gap or a repetition (see Transaction.previous). 0 is
  # everything that is kept.
  # `window` (1 to 256) calls to the watcher are unanswered at most: its answer
  # is the credit for the next one. A watcher that does not answer costs no
  # memory and loses nothing; it reads on from the journal. `revision` is the
  # newest one at the start. Errors: compacted (limit: the oldest revision that
  # is kept), invalid-argument, overloaded.

  verify @13 (address :Text, message :Data, signature :Data) -> (valid :Bool);
  # Whether the signature (type byte and data) of any address is one of these
  # bytes.
}

struct Page {
  limit @0 :UInt32 = 100; # 1 to 1000
  after @1 :Text;
  at @2 :UInt64;          # look at this revision; 0: the newest
}

struct ContentFilter {
  state @0 :Text;   # name of a ContentState as in "in_bucket"; "": any that is not removed
  removed @1 :Bool; # those that were removed too
}

enum Source {
  any @0;      # the local copy, else a provider
  local @1;
  provider @2; # by range from a storage provider
}

struct Entry {
  name @0 :Text;
  type @1 :EntryType;
  size @2 :UInt64;
  cid @3 :Text;
}

enum EntryType {
  file @0;
  directory @1;
  symlink @2; # its bytes are its target
}

interface ByteSink {
  # Where a download goes; the client's.
  write @0 (data :Data) -> stream;
  # At most 1 MiB. The answers are the flow control.
  close @1 ();
  # Everything was written. Without it the download broke off.
}

struct Explanation {
  safe @0 :Bool;                  # every promised copy is active and final
  sentences @1 :List(Text);
  next @2 :Text;
  nextAt @3 :Int64;               # epoch at the latest; -1: not known
  rejections @4 :List(Rejection);
}

# ------------------------------------------------------------------- watching

struct WatchFilter {
  kinds @0 :List(Text);    # "content.stored", or "content" for all of its kinds; empty: all
  subjects @1 :List(Text); # ids of things; at most 1000; empty: all
  records @2 :Bool;        # also the records that the transaction wrote
}

interface Watcher {
  # The client's. Answer when the transaction was dealt with: a lost connection
  # is resumed from the last one that was.
  changed @0 (transaction :Transaction);
  ended @1 (problem :Problem);
  # The last call: compacted, corrupt, or unauthenticated (the token was revoked).
}

interface Subscription {
  # Drop it, or cancel, to end the watch.
  cancel @0 ();
}

struct Transaction {
  revision @0 :UInt64;
  time @1 :Int64;
  events @2 :List(Event);
  changes @3 :List(Change);
  previous @4 :UInt64;
  # The revision of the transaction that this watch delivered before, at first
  # its fromRevision: nothing that fits lies between. Whoever finds here another
  # one than the last that it dealt with has missed something.
}

struct Event {
  kind @0 :Text;    # "deal.active"
  subject @1 :Text; # key of the thing
  owner @2 :Text;   # "" for what belongs to the node
  facts @3 :List(Fact);
}

struct Fact {
  name @0 :Text;
  value @1 :Text;
}

struct Change {
  # A record as the transaction left it; deletions are told by their event.
  table @0 :Text;
  record :union {
    unknown @1 :Void;
    content @2 :Content;
    bucket @3 :Bucket;
    piece @4 :Piece;
    placement @5 :Placement;
    deal @6 :Deal;
    provider @7 :Provider;
  }
}

# --------------------------------------------------------------- scope: storing

interface Storing {
  upload @0 (wish :UploadWish) -> (upload :Upload);
  # Becomes one content. With the token of an FFS instance it is staged: held
  # until InstanceStoring.push says what becomes of its CID; bucket and copies
  # are not for it. Errors: overloaded (too many at once).
  changeContent @1 (id :Text, name :Text, copies :UInt32) -> (content :Content);
  # "" and 0: as they are.
  removeContent @2 (id :Text) -> (content :Content);
  # Its deals are not renewed.
  offloadContent @3 (id :Text) -> (content :Content);
  # Drops the local copy of what has all its promised deals active; precondition otherwise.
  restoreContent @4 (id :Text) -> (content :Content);
  # Brings the local copy back from a provider.
  createBucket @5 (name :Text, threshold :UInt64, maxCount :UInt64, every :Int64) -> (bucket :Bucket);
  # Ready when it is over `threshold` bytes, holds `maxCount` contents, or each
  # `every` epochs; 0: the node's default, no limit, no schedule.
  closeBucket @6 (id :Text) -> (bucket :Bucket);
  # Makes it ready now.
}

struct UploadWish {
  name @0 :Text;
  bucket @1 :Text;         # name of a bucket of one's own; "": the global one
  copies @2 :UInt32;       # 1 to 64; 0: the default, 6
  mayBeDropped @3 :Bool;   # the bytes may go if it cannot be placed for three months
}

interface Upload {
  # Dropping it before `commit` drops what was sent.
  file @0 (path :Text) -> (sink :FileSink);
  # Relative, with "/" between names; "" makes the content that one file.
  symlink @1 (path :Text, target :Text);
  folder @2 (path :Text);
  commit @3 () -> (content :Content);
  # Answers when everything is durable: it survives a power cut.
  abandon @4 ();
}

interface FileSink {
  write @0 (data :Data) -> stream;
  # At most 4 MiB; 256 KiB to 1 MiB is a good size. The answers are the flow
  # control: four chunks of 1 MiB are in the node at most.
  close @1 () -> (cid :Text, size :UInt64);
  # Dropping it before that forgets the file.
}

# ------------------------------------------------------------- FFS: instances
# One tenant's wishes of CIDs (CidConfig), the jobs that enforce them, and what
# is (CidInfo). Everything here belongs to one instance; what belongs to
# another one is not-found.

struct Instance {
  # One capability for each scope of the token. One whose scope the token does
  # not have refuses every call (forbidden). A token that was revoked or has
  # expired, and an instance that was deleted, end all of them at once.
  id @0 :Text;
  reading @1 :InstanceReading;
  storing @2 :InstanceStoring;
  wallets @3 :InstanceWallets;
  admin @4 :InstanceAdmin;
}

interface InstanceReading {
  # Scope read.

  info @0 () -> (info :InstanceInfo);
  getDefaultConfig @1 () -> (config :CidConfig);
  # For what is pushed without a config.
  validate @2 (config :CidConfig);
  # Whether a push would take it. Errors: invalid-argument (the rule in words,
  # the value and the limit).

  getCid @3 (cid :Text)
    -> (info :CidInfo, proposals :List(Deal), selections :List(Selection), unverified :Bool);
  # What is wanted of it and what is: hot, cold with its deals, jobs, and why
  # which providers were chosen and the others were not. `unverified`: it was
  # imported by a deal's label, and nobody has read what the piece holds.
  listCids @4 (page :Page) -> (items :List(CidInfo), next :Text, revision :UInt64);

  getJob @5 (id :Text) -> (job :Job);
  listJobs @6 (filter :JobFilter, page :Page, ascending :Bool) -> (items :List(Job), next :Text, revision :UInt64);
  # The newest first, unless `ascending`.
  watchJobs @7 (filter :JobFilter, fromRevision :UInt64, watcher :JobWatcher, window :UInt32 = 32)
      -> (subscription :Subscription, revision :UInt64);
  # The state of the jobs. fromRevision 0: what there is (of jobs that have
  # ended only what the filter names), then every change; otherwise what has
  # changed behind that revision, then every change. A watcher that is slow
  # gets the newest state of each job and never misses a final one.
  # `window` (1 to 256) jobs are unanswered at most: the answers to `changed`
  # are the credit. A watcher that does not answer costs no more memory than
  # that. Errors: compacted (watch from 0), invalid-argument, overloaded.

  listLog @8 (cid :Text, job :Text, page :Page) -> (items :List(LogLine), next :Text, revision :UInt64);
  # The log of a CID, for people; of one job, unless that is "".
  watchLog @9 (cid :Text, job :Text, fromRevision :UInt64, watcher :LogWatcher, window :UInt32 = 32)
      -> (subscription :Subscription, revision :UInt64);
  # The same: history (behind fromRevision), then live, without a gap.

  listDeals @10 (filter :DealFilter, page :Page) -> (items :List(DealRecord), next :Text, revision :UInt64);
  # Deal records, independent of jobs.
  listRetrievals @11 () -> (items :List(Retrieval), revision :UInt64);
  # What was unfrozen, and how it went.

  download @12 (cid :Text, path :Text, offset :UInt64, length :UInt64, sink :ByteSink) -> (entry :Entry, sent :UInt64);
  # From hot storage, as Reading.download. Errors: precondition (the config
  # does not want it hot).

  usage @13 () -> (used :Quota, limits :Quota);
  # What it uses of its quota, counted when it is asked for: bytes that it keeps,
  # jobs that wait, attoFIL that it promised or sent in all. Manager.changeInstance
  # sets the limits.
}

interface InstanceStoring {
  # Scope store. Bytes come in by Storing.upload.

  push @0 (cid :Text, config :CidConfig, override :Bool, noExec :Bool, importDeals :List(UInt64)) -> (job :Text);
  # Enqueue: the config and its job are committed when this answers. Without a
  # config: the instance's default. A config is taken whole: begin with that of
  # getDefaultConfig to change a part of it. `override` when the CID has another
  # config already; `noExec` only stores the wish ("" is the job then). An older
  # job of the CID that waits becomes cancelled. `importDeals`: numbers of active
  # deals on the chain that hold the CID, whoever made them; they are adopted
  # first. Errors: invalid-argument (a rule of the config; an imported deal of
  # another CID), precondition (no override; a deal that is not active),
  # not-found (an imported deal), overloaded (quota of jobs).
  replace @1 (cid :Text, by :Text) -> (job :Text);
  # Another CID takes its config and place; it stays until that job succeeds.
  remove @2 (cid :Text);
  # Lets go of a CID for which hot and cold are disabled (else precondition).
  cancelJob @3 (id :Text) -> (job :Job);
  # Ends a job that waits or runs, whatever it does at that moment. Errors:
  # precondition (it has ended).
  stageCid @4 (cid :Text, timeout :UInt64) -> (content :Content);
  # Stages a CID: its blocks come from where the instance's hot layer finds
  # blocks (the node's own store finds none elsewhere). `timeout`: seconds until
  # the first bytes; 0: those of the layer. Errors: unsupported (that store),
  # not-found, timeout.
}

interface InstanceWallets {
  # Scope wallet. Nobody can use an address of another instance, or the node's.

  list @0 () -> (items :List(Wallet));
  create @1 (name :Text, makeDefault :Bool) -> (wallet :Wallet);
  # A new address; the first one is the default. Its balance is not looked up.
  chooseDefault @2 (address :Text);
  # Deals are paid from it unless a config names another one.
  send @3 (from :Text, to :Text, amount :Text) -> (message :Text);
  # attoFIL; the CID of the chain message. Errors: insufficient-funds, no-network.
  sign @4 (address :Text, message :Data) -> (signature :Data);
  # Type byte and data. At most 64 KiB are signed.
}

interface InstanceAdmin {
  # Scope admin of an instance.

  setDefaultConfig @0 (config :CidConfig) -> (config :CidConfig);
  listTokens @1 () -> (items :List(Token));
  # Without their text.
  createToken @2 (name :Text, scopes :List(Scope), expires :Int64) -> (token :Token, text :Text);
  # At most the scopes of the caller; none named: all of them. `expires`: a
  # time; 0 is never. The text is in this answer and nowhere else.
  revokeToken @3 (name :Text);
  # At once, also for open connections and watches.

  listWebhooks @4 () -> (items :List(Webhook), revision :UInt64);
  createWebhook @5 (url :Text, events :List(Text)) -> (webhook :Webhook, signingSecret :Text);
  # Has the instance's events delivered by HTTP POST, at least once each, in
  # order, signed as Standard Webhooks has it. `events`: names ("job.done"),
  # kinds ("job"), or "alerts"; none: all. The secret is in this answer and
  # nowhere else. Errors: invalid-argument (the url, the name of an event),
  # overloaded (20 of an instance).
  changeWebhook @6 (id :Text, url :Text, events :List(Text)) -> (webhook :Webhook);
  # "" and no list: as they are; an empty list: all events.
  removeWebhook @7 (id :Text);
  # What was not delivered is not any more.
  testWebhook @8 (id :Text) -> (delivered :Bool, err :ErrCause);
  # Delivers a "webhook.test" now; what the receiver said is no exception.
}

interface Manager {
  # The operator's: scope admin of a token that is not an instance's.

  listInstances @0 (page :Page) -> (items :List(InstanceInfo), next :Text, revision :UInt64);
  createInstance @1 (name :Text, scheduler :Text) -> (info :InstanceInfo, token :Text);
  # Its first token, with every scope, is in this answer and nowhere else.
  # A name of "" is its id, a scheduler of "" the default one. Errors:
  # already-exists (the name), not-found (the scheduler; the limit names those
  # that there are).
  changeInstance @2 (id :Text, name :Text, limits :Quota, scheduler :Text) -> (info :InstanceInfo);
  # "" and no limits: as they are; limits are taken whole (InstanceReading.usage
  # says those that there are). Wired to another scheduler, what waits goes
  # over, what runs ends where it began, and what is hot follows.
  deleteInstance @3 (id :Text);
  # With its tokens, jobs, configs and contents; answers when all is gone.
  open @4 (id :Text) -> (instance :Instance);
  # Any instance, with every scope.
  getDefaultConfig @5 () -> (config :CidConfig);
  # That new instances begin with.
  setDefaultConfig @6 (config :CidConfig) -> (config :CidConfig);
  fund @7 (instance :Text, address :Text, amount :Text) -> (message :Text);
  # attoFIL from the node's default address to one of the instance.
  listDeals @8 (filter :DealFilter, page :Page) -> (items :List(DealRecord), next :Text, revision :UInt64);
  # Of all instances; with `since` a feed of what changed.
  listPinned @9 () -> (items :List(Pinned), revision :UInt64);
  # What instances hold: staged, or pinned hot.
  collectStaged @10 (olderThan :Int64 = 3600000) -> (removed :List(Text));
  # Removes what was staged and is older than these milliseconds, but not what a
  # job needs.
  listSchedulers @11 () -> (items :List(Scheduler), revision :UInt64);
  # That instances can be wired to.
}

interface JobWatcher {
  # The client's. Answer when the jobs were dealt with.
  changed @0 (jobs :List(Job), revision :UInt64);
  # Their newest states. `revision`: where to resume once this was dealt with;
  # 0 while it is not yet all of it. Where there is nothing, nothing is told.
  ended @1 (problem :Problem);
  # The last call: compacted, or unauthenticated (the token was revoked).
}

interface LogWatcher {
  changed @0 (lines :List(LogLine), revision :UInt64);
  ended @1 (problem :Problem);
}

struct JobFilter {
  # Empty is any; all that are named have to fit.
  jobs @0 :List(Text);
  cids @1 :List(Text);
  states @2 :List(JobState);
}

struct DealFilter {
  cids @0 :List(Text);
  addresses @1 :List(Text); # of clients
  state @2 :Text;           # "pending", "active", "failed"; "": all
  since @3 :Int64;          # changed later than this; the oldest change comes first then
  ascending @4 :Bool;
}

struct HotConfig {
  enabled @0 :Bool = true;
  allowUnfreeze @1 :Bool;        # may be fetched from providers when the hot layer lacks it
  unfreezeMaxPrice @2 :Text;     # for one retrieval; "" or "0": only what is free
  addTimeout @3 :UInt64 = 900;   # seconds that the hot layer may take to find its blocks
}

struct ColdConfig {
  enabled @0 :Bool = true;            # make deals
  repFactor @1 :UInt32 = 1;           # active deals with different providers
  dealMinDuration @2 :Int64 = 518400; # epochs
  excludedMiners @3 :List(Text);
  trustedMiners @4 :List(Text);       # first, if they fit
  countryCodes @5 :List(Text);        # ISO 3166-1 alpha-2; empty: everywhere
  renew @6 :Bool;                     # a deal near its end gets a successor
  renewThreshold @7 :Int64;           # epochs before the end; > 0 with renew
  address @8 :Text;                   # who pays: an address of the instance; "": its default
  maxPrice @9 :Text;                  # for a GiB and epoch; "" or "0": the operator's limit alone
  fastRetrieval @10 :Bool = true;     # the provider keeps an unsealed copy
  dealStartOffset @11 :Int64 = 8640;  # epochs until a deal must be active
  verifiedDeal @12 :Bool;             # with DataCap
  sharePiece @13 :Bool;               # may travel with others, on the node's own terms
  dealTimeout @14 :Int64;             # epochs that a job waits for its deals; 0: until their start
}

struct CidConfig {
  hot @0 :HotConfig;
  cold @1 :ColdConfig;
  repairable @2 :Bool; # looked at again by itself, and brought back to what is wanted
}

struct Quota {
  # 0 is no limit.
  bytes @0 :UInt64;
  jobs @1 :UInt64; # that wait at a time
  spend @2 :Text;
}

struct InstanceInfo {
  id @0 :Text;
  name @1 :Text;
  owner @2 :Text;     # of its contents
  scheduler @3 :Text;
  created @4 :Int64;
  wallet @5 :Text;    # its default address
  limits @6 :Quota;
}

struct HotInfo {
  enabled @0 :Bool;
  size @1 :UInt64; # bytes of its blocks
  layer @2 :Text;
  since @3 :Int64;
}

struct ColdInfo {
  enabled @0 :Bool;
  content @1 :Text;
  pieceSize @2 :UInt64; # padded bytes, of all its pieces
}

struct CidInfo {
  cid @0 :Text;
  instance @1 :Text;
  config @2 :CidConfig; # the newest that was pushed
  pushed @3 :Int64;
  stored @4 :Bool;      # a job of it has succeeded: hot and cold are true
  hot @5 :HotInfo;
  cold @6 :ColdInfo;
  infoJob @7 :Text;     # that the two are from
  infoTime @8 :Int64;
  queued @9 :Text;      # the job that waits
  running @10 :Text;
  latest @11 :Text;     # job, of any state
  renewAt @12 :Int64;
  repairAt @13 :Int64;
  scheduler @14 :Text;
}

enum JobState {
  queued @0;
  inProgress @1;
  failed @2;    # why is in `err`
  cancelled @3; # on request, or a newer push of its CID took its place
  done @4;      # what its config wants is so
}

enum JobCause {
  push @0;
  replace @1;
  imported @2;
  renew @3;
  repair @4;
  move @5; # its instance was wired to another scheduler
}

enum JobStep {
  # For people; it decides nothing.
  waiting @0;
  hot @1;
  unfreeze @2;
  cold @3;
  finish @4;
}

struct ErrCause {
  code @0 :Text; # of the error catalogue; "none": nothing
  message @1 :Text;
  value @2 :Text;
  limit @3 :Text;
}

struct DealError {
  deal @0 :Text;
  provider @1 :Text;
  message @2 :Text; # in the provider's or the chain's own words
}

struct Job {
  id @0 :Text; # sorts by time
  instance @1 :Text;
  cid @2 :Text;
  state @3 :JobState;
  step @4 :JobStep;
  why @5 :JobCause;
  err @6 :ErrCause;
  config @7 :CidConfig; # that it enforces
  replaces @8 :Text;    # the CID of a replace
  dealErrors @9 :List(DealError);
  created @10 :Int64;
  started @11 :Int64;
  ended @12 :Int64;
  createdAt @13 :Int64;
  startedAt @14 :Int64;
  unfroze @15 :Bool; # the bytes came back from a provider
  scheduler @16 :Text;
}

struct LogLine {
  instance @0 :Text;
  cid @1 :Text;
  time @2 :Int64;
  job @3 :Text;
  number @4 :UInt32;
  message @5 :Text;
}

struct DealRecord {
  deal @0 :Deal;
  instance @1 :Text;
  cid @2 :Text;
  updated @3 :Int64;
}

struct Retrieval {
  id @0 :Text; # of the job
  instance @1 :Text;
  cid @2 :Text;
  address @3 :Text;
  pending @4 :Bool;
  bytesReceived @5 :UInt64;
  paid @6 :Text;
  started @7 :Int64;
  ended @8 :Int64;
  updated @9 :Int64;
  err @10 :ErrCause;
}

struct Wallet {
  address @0 :Text;
  name @1 :Text;
  isDefault @2 :Bool;
  created @3 :Int64;
  balance @4 :Text;
  escrow @5 :Text;    # at the market
  locked @6 :Text;    # of the escrow
  available @7 :Text; # of the escrow
}

struct Token {
  name @0 :Text;
  scopes @1 :List(Scope);
  created @2 :Int64;
  expires @3 :Int64; # 0: never
  lastUse @4 :Int64; # to the minute; 0: never
}

enum WebhookState {
  new @0;        # nothing was delivered yet
  delivering @1;
  failing @2;    # tried again, each time later
}

struct Webhook {
  id @0 :Text;
  url @1 :Text;
  events @2 :List(Text); # none: all
  state @3 :WebhookState;
  created @4 :Int64;
  told @5 :UInt64;       # revision: everything up to it was delivered
  failures @6 :UInt32;   # in a row
  lastTry @7 :Int64;
  lastSuccess @8 :Int64;
  err @9 :ErrCause;      # of the last try
  failingSince @10 :Int64; # 0: its receiver takes what comes
  nextTry @11 :Int64;      # 0: it need not be tried again
}

struct Scheduler {
  name @0 :Text;
  hot @1 :Text;           # name of its hot layer
  selector @2 :Text;      # of miners: "cheapest", "reputation", "fixed"
  miners @3 :List(Text);  # of the selector "fixed"
  parallel @4 :UInt64;    # jobs that run at once
  repairEvery @5 :Int64;  # epochs
  maxPrice @6 :Text;      # for a GiB and epoch; "0": that of the node
  leastSize @7 :UInt64;   # bytes of a DAG that it makes deals for
  openJobs @8 :UInt64;    # that have not ended
}

struct Pinned {
  cid @0 :Text;
  instance @1 :Text;
  staged @2 :Bool; # otherwise hot
  since @3 :Int64;
}

# -------------------------------------------------------------------- records
# As the node keeps them. Secrets are left out.

struct Problem {
  code @0 :Text; # of the error catalogue; "none": nothing is wrong
  message @1 :Text;
}

struct Moment {
  # When a state was reached first.
  state @0 :Text;
  at @1 :Int64;
  time @2 :Int64;
}

enum ContentState {
  stored @0;    # bytes are durable here, no bucket yet
  inBucket @1;
  packed @2;    # part of a piece
  proposed @3;  # every promised copy is accepted by a provider
  published @4; # on chain
  active @5;    # every promised copy is active at the chain's finality
  degraded @6;  # was active; a copy has to be replaced
  failed @7;
  removed @8;
}

struct Content {
  id @0 :Text;
  owner @1 :Text;
  name @2 :Text;
  cid @3 :Text;
  size @4 :UInt64;
  dagSize @5 :UInt64;
  blocks @6 :UInt64;
  files @7 :UInt64;
  state @8 :ContentState;
  copies @9 :UInt32;
  local @10 :Bool;
  bucket @11 :Text;
  bucketName @12 :Text;
  createdAt @13 :Int64;
  created @14 :Int64;
  problem @15 :Problem;
  failingSince @16 :Int64;
  mayBeDropped @17 :Bool;
  life @18 :List(Moment);
  unverified @19 :Bool; # imported by a deal's label; nobody has read what its pieces hold
}

enum BucketState {
  init @0;
  complete @1;
}

enum BucketReady {
  open @0; # takes contents; otherwise why it no longer does:
  size @1;
  age @2;
  schedule @3;
  count @4;
  closed @5;
}

struct Bucket {
  id @0 :Text;
  owner @1 :Text;
  name @2 :Text; # "": the global one
  state @3 :BucketState;
  ready @4 :BucketReady;
  threshold @5 :UInt64;
  maxCount @6 :UInt64;
  every @7 :Int64;
  dueAt @8 :Int64;
  size @9 :UInt64;
  count @10 :UInt64;
  createdAt @11 :Int64;
  created @12 :Int64;
  readyAt @13 :Int64;
  completeAt @14 :Int64;
  pieces @15 :List(Text);
  problem @16 :Problem;
}

enum PieceState {
  built @0;
  placed @1;   # all promised deals are active
  degraded @2;
  retired @3;  # nobody's promise needs it any more
}

struct Piece {
  cid @0 :Text;
  paddedSize @1 :UInt64;
  payloadSize @2 :UInt64;
  root @3 :Text;
  state @4 :PieceState;
  bucket @5 :Text;
  copies @6 :UInt32;
  local @7 :Bool;
  segments @8 :UInt32;
  contents @9 :UInt32;
  createdAt @10 :Int64;
  created @11 :Int64;
  problem @12 :Problem;
  failingSince @13 :Int64;
}

struct Placement {
  # Where a part of a content lies in a piece.
  content @0 :Text;
  part @1 :UInt32;
  parts @2 :UInt32;
  piece @3 :Text;
  segment @4 :UInt32;
  offset @5 :UInt64;
  length @6 :UInt64;
  root @7 :Text;
}

enum DealState {
  intended @0;  # committed here; may or may not have reached the provider
  proposed @1;  # accepted by the provider
  published @2;
  activated @3; # its sector started, not yet final
  active @4;    # final: counts as a promised copy
  rejected @5;
  failed @6;
  slashed @7;
  expired @8;
}

struct Deal {
  uuid @0 :Text;
  piece @1 :Text;
  paddedSize @2 :UInt64;
  client @3 :Text;
  provider @4 :Text;
  label @5 :Text;
  verified @6 :Bool;
  start @7 :Int64;
  end @8 :Int64;
  pricePerEpoch @9 :Text;
  providerCollateral @10 :Text;
  clientCollateral @11 :Text;
  state @12 :DealState;
  proposal @13 :Text;
  id @14 :UInt64; # in the market actor; 0 until it is published
  publishMessage @15 :Text;
  sector @16 :UInt64;
  sectorStart @17 :Int64;
  createdAt @18 :Int64;
  created @19 :Int64;
  problem @20 :Problem;
  replaces @21 :Text;
  attempts @22 :UInt32;
  life @23 :List(Moment);
}

struct Provider {
  id @0 :Text;
  multiaddrs @1 :List(Text);
  peerId @2 :Text;
  sectorSize @3 :UInt64;
  reachable @4 :Bool;
  price @5 :Text; # attoFIL for a GiB and epoch
  verifiedPrice @6 :Text;
  minPiece @7 :UInt64;
  maxPiece @8 :UInt64;
  askExpiry @9 :Int64;
  askedAt @10 :Int64;
  dealsMade @11 :UInt64;
  dealsFailed @12 :UInt64;
  retrievalsOk @13 :UInt64;
  retrievalsFailed @14 :UInt64;
  avoidUntil @15 :Int64;
  problem @16 :Problem;
  country @17 :Text;         # ISO 3166-1 alpha-2, as the operator knows it; "": unknown
  power @18 :Text;           # quality-adjusted bytes, as the chain counts them
  powerShare @19 :UInt64;    # billionths of the whole network's
  sectorsLive @20 :UInt64;
  sectorsActive @21 :UInt64;
  sectorsFaulty @22 :UInt64; # not proven at this time
}

# Of all providers that answered when they were last asked.
struct AskSummary {
  providers @0 :UInt32;
  median @1 :Text; # attoFIL for a GiB and epoch; of an even number the mean of the two in the middle, rounded down
  verifiedMedian @2 :Text;
}

struct Rejection {
  provider @0 :Text;
  code @1 :Text;
  reason @2 :Text;
  value @3 :Text;
  limit @4 :Text;
}

struct Selection {
  piece @0 :Text;
  at @1 :Int64;
  wanted @2 :UInt32;
  chosen @3 :List(Text);
  rejections @4 :List(Rejection);
}
