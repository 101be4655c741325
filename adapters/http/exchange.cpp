#include "adapters/http/exchange.hpp"

#include "adapters/http/connection.hpp"

namespace weir::http {

exchange::exchange(connection& where, http::request what) : connection_{&where}, request_{std::move(what)} {}

exchange::~exchange() {
  if (connection_ != nullptr)
    connection_->dropped(begun_);
}

void exchange::read(body_reader reader, std::uint64_t limit) {
  if (connection_ != nullptr)
    connection_->start_body(std::move(reader), limit);
}

void exchange::read_all(std::uint64_t limit, std::function<void(result<std::string>)> done) {
  auto collected = std::make_shared<std::string>();
  read({.data = [collected](bytes_view data) { collected->append(as_text(data)); },
        .end = [collected,
                done = std::move(done)](status how) { how ? done(std::move(*collected)) : done(how.error()); }},
       limit);
}

void exchange::pause() {
  if (connection_ != nullptr)
    connection_->pause_body(true);
}

void exchange::resume() {
  if (connection_ != nullptr)
    connection_->pause_body(false);
}

void exchange::respond(response answer) {
  if (connection_ != nullptr && !begun_)
    connection_->respond(std::move(answer));
}

void exchange::begin(head what) {
  if (connection_ != nullptr && !begun_)
    connection_->begin(std::move(what));
}

bool exchange::write(owned_bytes data) {
  return connection_ != nullptr && begun_ && connection_->write_body(std::move(data));
}

void exchange::end() {
  if (connection_ != nullptr && begun_)
    connection_->end();
}

void exchange::abort() {
  if (connection_ != nullptr)
    connection_->abort(fail(errc::cancelled));
}

void exchange::send_file(head what, loop::owned_fd file, std::uint64_t offset, std::uint64_t length) {
  if (connection_ != nullptr && !begun_)
    connection_->send_file(std::move(what), std::move(file), offset, length);
}

void exchange::on_drain(std::function<void()> what) {
  if (connection_ != nullptr)
    connection_->on_drain(std::move(what));
}

void exchange::on_close(std::function<void()> what) {
  if (connection_ != nullptr)
    connection_->on_close(std::move(what));
}

void exchange::close_on_eof() {
  if (connection_ != nullptr)
    connection_->close_on_eof();
}

std::uint64_t exchange::queued() const {
  return connection_ != nullptr ? connection_->queued() : 0;
}

bool exchange::upgrade(headers fields, std::shared_ptr<upgraded> protocol) {
  if (connection_ == nullptr || begun_ || request_.has_body)
    return false;
  connection_->upgrade(std::move(fields), std::move(protocol));
  return true;
}

} // namespace weir::http
