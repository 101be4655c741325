#pragma once
// A plain blocking socket, so that tests see the very bytes of the wire.
#include <arpa/inet.h>
#include <cstdint>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace weir::test {

class raw_client {
public:
  /// `receive_buffer`: a small one makes a slow reader.
  explicit raw_client(std::uint16_t port, int receive_buffer = 0) : fd_{::socket(AF_INET, SOCK_STREAM, 0)} {
    if (receive_buffer > 0)
      ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    timeval patience{20, 0}; // a test that would hang fails instead
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;
  ~raw_client() { close(); }

  bool send(std::string_view data) {
    while (!data.empty()) {
      auto sent = ::send(fd_, data.data(), data.size(), MSG_NOSIGNAL);
      if (sent <= 0)
        return false;
      data.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// What there is, at most `size`; empty at the end or on a reset.
  std::string receive(std::size_t size = 65536) {
    std::string out(size, '\0');
    auto got = ::recv(fd_, out.data(), out.size(), 0);
    out.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return out;
  }
  std::string receive_all() {
    std::string out;
    for (auto part = receive(); !part.empty(); part = receive())
      out += part;
    return out;
  }
  /// Reads until the text holds `mark`, or the end.
  std::string receive_until(std::string_view mark) {
    while (held_.find(mark) == std::string::npos) {
      auto part = receive();
      if (part.empty())
        return std::exchange(held_, {});
      held_ += part;
    }
    auto end = held_.find(mark) + mark.size();
    auto out = held_.substr(0, end);
    held_.erase(0, end);
    return out;
  }
  void end_sending() { ::shutdown(fd_, SHUT_WR); }
  void reset() {
    linger hard{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close();
  }
  void close() {
    if (fd_ >= 0)
      ::close(fd_);
    fd_ = -1;
  }

private:
  int fd_;
  std::string held_;
};

} // namespace weir::test
