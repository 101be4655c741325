// Scope store: uploads as streams, and what is done to contents and buckets.
#include "adapters/rpc/core.hpp"
#include "adapters/rpc/records.hpp"

#include <caf/send.hpp>

namespace weir::rpc {

namespace {

constexpr std::uint32_t max_copies = 64;

/// One file on its way in: chunks of max_chunk, upload_window of them unanswered.
class file_sink final : public guarded<wire::FileSink> {
public:
  file_sink(session_ptr s, upload_id upload, std::uint32_t file)
      : guarded{std::move(s)}, upload_{std::move(upload)}, file_{file}, tasks_{errors_} {}
  ~file_sink() {
    if (!closed_)
      caf::anon_send(session_->world().contents, close_file{upload_, file_, true});
  }

protected:
  kj::Promise<void> write(WriteContext c) override;
  kj::Promise<void> close(CloseContext c) override;

private:
  struct keeper final : kj::TaskSet::ErrorHandler {
    void taskFailed(kj::Exception&& e) override { problem = kj::mv(e); }
    kj::Maybe<kj::Exception> problem;
  };
  void flush();
  void landed();
  /// Resolves when fewer than `below` chunks are on their way.
  kj::Promise<void> room(std::size_t below);
  kj::Promise<void> outcome();

  upload_id upload_;
  std::uint32_t file_;
  bytes buffer_;
  std::size_t flying_ = 0;
  std::size_t below_ = 0;
  bool closing_ = false; ///< somebody called close
  bool closed_ = false;  ///< the content actor was told
  kj::Own<kj::PromiseFulfiller<void>> waiting_;
  keeper errors_;
  kj::TaskSet tasks_;
};

kj::Promise<void> file_sink::write(WriteContext c) {
  auto data = c.getParams().getData();
  if (closing_)
    return to_exception(fail(errc::precondition, "The file is closed."));
  for (std::size_t at = 0; at < data.size();) {
    if (buffer_.empty())
      buffer_.reserve(max_chunk);
    auto take = std::min(data.size() - at, max_chunk - buffer_.size());
    buffer_.insert(buffer_.end(), data.begin() + at, data.begin() + at + take);
    at += take;
    if (buffer_.size() == max_chunk)
      flush();
  }
  return room(upload_window);
}

void file_sink::flush() {
  auto data = std::make_shared<const bytes>(std::exchange(buffer_, {}));
  ++flying_;
  auto done = ask<nothing>(session_->node(), session_->world().contents, slow_time,
                           write_file{upload_, file_, std::move(data)});
  tasks_.add(done.then([this](nothing) { landed(); },
                       [this](kj::Exception&& e) {
                         errors_.problem = kj::mv(e);
                         landed();
                       }));
}

void file_sink::landed() {
  --flying_;
  if (waiting_.get() != nullptr && flying_ < below_) {
    auto go = kj::mv(waiting_);
    go->fulfill();
  }
}

kj::Promise<void> file_sink::room(std::size_t below) {
  if (flying_ < below)
    return outcome();
  auto pair = kj::newPromiseAndFulfiller<void>();
  below_ = below;
  waiting_ = kj::mv(pair.fulfiller);
  return pair.promise.then([this] { return outcome(); });
}

kj::Promise<void> file_sink::outcome() {
  KJ_IF_MAYBE (e, errors_.problem)
    return kj::cp(*e);
  return kj::READY_NOW;
}

kj::Promise<void> file_sink::close(CloseContext c) {
  if (std::exchange(closing_, true))
    return to_exception(fail(errc::precondition, "The file is closed."));
  if (!buffer_.empty())
    flush();
  return room(1)
      .then([this] {
        closed_ = true;
        return ask<imported_file>(session_->node(), session_->world().contents, slow_time,
                                  close_file{upload_, file_, false});
      })
      .then([c](imported_file f) mutable {
        c.getResults().setCid(f.cid.text().c_str());
        c.getResults().setSize(f.size);
      });
}

class upload final : public guarded<wire::Upload> {
public:
  upload(session_ptr s, upload_id id) : guarded{std::move(s)}, id_{std::move(id)} {}
  ~upload() {
    if (!over_)
      caf::anon_send(session_->world().contents, atom::abort_v, id_);
  }

protected:
  kj::Promise<void> file(FileContext c) override {
    return ask<file_ticket>(session_->node(), contents(), ask_time, open_file{id_, text(c.getParams().getPath())})
        .then([this, c](file_ticket t) mutable {
          auto sink = kj::heap<file_sink>(session_, id_, t.file); // when it is refused it gives its file up
          auto room = session_->books()->room_for(0);
          if (room)
            c.getResults().setSink(kj::mv(sink));
          return answered(room);
        });
  }
  kj::Promise<void> symlink(SymlinkContext c) override {
    auto p = c.getParams();
    return ask<nothing>(session_->node(), contents(), ask_time,
                        add_symlink{id_, text(p.getPath()), text(p.getTarget())})
        .ignoreResult();
  }
  kj::Promise<void> folder(FolderContext c) override {
    return ask<nothing>(session_->node(), contents(), ask_time, add_folder{id_, text(c.getParams().getPath())})
        .ignoreResult();
  }
  kj::Promise<void> commit(CommitContext c) override {
    return ask<content>(session_->node(), contents(), slow_time, atom::commit_v, id_)
        .then([this, c](content made) mutable {
          over_ = true;
          fill(c.getResults().initContent(), made);
        });
  }
  kj::Promise<void> abandon(AbandonContext) override {
    over_ = true;
    return ask<nothing>(session_->node(), contents(), ask_time, atom::abort_v, id_).ignoreResult();
  }

private:
  const content_actor& contents() const { return session_->world().contents; }
  upload_id id_;
  bool over_ = false;
};

class storing final : public guarded<wire::Storing> {
public:
  using guarded::guarded;

protected:
  kj::Promise<void> upload(UploadContext c) override;
  kj::Promise<void> changeContent(ChangeContentContext c) override;
  kj::Promise<void> removeContent(RemoveContentContext c) override { return act<remove_content>(c); }
  kj::Promise<void> offloadContent(OffloadContentContext c) override { return act<offload_content>(c); }
  kj::Promise<void> restoreContent(RestoreContentContext c) override { return act<restore_content>(c); }
  kj::Promise<void> createBucket(CreateBucketContext c) override;
  kj::Promise<void> closeBucket(CloseBucketContext c) override;

private:
  template <class Message, class Context>
  kj::Promise<void> act(Context c) {
    auto found = find_content(*session_, text(c.getParams().getId()));
    if (!found)
      return to_exception(found.error());
    return send(c, Message{found->owner, found->id});
  }
  template <class Message, class Context>
  kj::Promise<void> send(Context c, Message m) {
    return ask<content>(session_->node(), session_->world().contents, slow_time, std::move(m))
        .then([c](content now) mutable { fill(c.getResults().initContent(), now); });
  }
  template <class Message, class Context>
  kj::Promise<void> send_bucket(Context c, Message m) {
    return ask<bucket>(session_->node(), session_->world().buckets, ask_time, std::move(m))
        .then([c](bucket now) mutable { fill(c.getResults().initBucket(), now); });
  }
};

status check_copies(std::uint32_t copies) {
  if (copies > max_copies)
    return fail(errc::invalid_argument, "copies is a number.", std::to_string(copies), "1 to 64");
  return {};
}

kj::Promise<void> storing::upload(UploadContext c) {
  auto wish = c.getParams().getWish();
  open_upload o{session_->who().owner, text(wish.getName()), text(wish.getBucket())};
  if (o.name.empty())
    return to_exception(fail(errc::invalid_argument, "A content needs a name."));
  if (auto good = check_copies(wish.getCopies()); !good)
    return to_exception(good.error());
  if (wish.getCopies() != 0)
    o.copies = wish.getCopies();
  o.may_be_dropped = wish.getMayBeDropped();
  return ask<upload_id>(session_->node(), session_->world().contents, ask_time, std::move(o))
      .then([this, c](upload_id id) mutable {
        auto made = kj::heap<rpc::upload>(session_, std::move(id)); // when it is refused it ends its upload
        auto room = session_->books()->room_for(0);
        if (room)
          c.getResults().setUpload(kj::mv(made));
        return answered(room);
      });
}

kj::Promise<void> storing::changeContent(ChangeContentContext c) {
  auto p = c.getParams();
  auto found = find_content(*session_, text(p.getId()));
  if (!found)
    return to_exception(found.error());
  if (auto good = check_copies(p.getCopies()); !good)
    return to_exception(good.error());
  return send(c, change_content{found->owner, found->id, p.getCopies(), text(p.getName())});
}

kj::Promise<void> storing::createBucket(CreateBucketContext c) {
  auto p = c.getParams();
  create_bucket wish{session_->who().owner, text(p.getName()), p.getThreshold(), p.getMaxCount(), p.getEvery()};
  if (wish.name.empty())
    return to_exception(fail(errc::invalid_argument, "A bucket of one's own needs a name."));
  if (wish.every < 0)
    return to_exception(fail(errc::invalid_argument, "A schedule is not negative.", std::to_string(wish.every)));
  return send_bucket(c, std::move(wish));
}

kj::Promise<void> storing::closeBucket(CloseBucketContext c) {
  auto id = text(c.getParams().getId());
  auto found = session_->world().records->snapshot()->find<bucket>(bucket_id{id});
  if (!found)
    return to_exception(found.error());
  if (!*found || (!(*found)->value.global() && !session_->who().sees((*found)->value.owner)))
    return to_exception(fail(errc::not_found, "There is no such bucket.", id));
  if ((*found)->value.global() && !session_->who().admin())
    return to_exception(fail(errc::forbidden, "Only the operator closes the global bucket."));
  return send_bucket(c, close_bucket{(*found)->value.owner, (*found)->value.id, {}});
}

} // namespace

wire::Storing::Client make_storing(session_ptr s) {
  return kj::heap<storing>(std::move(s));
}

} // namespace weir::rpc
