#pragma once
// How the store's things lie in LevelDB (internal to storage/records). The
// first byte of a key says what it is:
//
//   m name                               a number about the store itself
//   r table key                          shared record: revision, value
//   h table escaped-key revision         the record as it was before that revision
//   j revision                           journal: the transaction
//   l name 00 key                        local record
//   a, z                                 nothing: the ends, see `compact()`
//
// Every value begins with the CRC-32C of its key and the rest.
#include "messages/types/transaction.hpp"
#include "storage/records/reader.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace weir::records::layout {

inline constexpr char meta = 'm';
inline constexpr char record = 'r';
inline constexpr char history = 'h';
inline constexpr char journal = 'j';
inline constexpr char local = 'l';
inline constexpr std::string_view ends[] = {"a", "z"};

std::string meta_key(std::string_view name);
std::string record_key(table_id table, std::string_view key);
std::string journal_key(revision rev);
/// All versions of a record.
std::string history_prefix(table_id table, std::string_view key);
std::string history_key(table_id table, std::string_view key, revision rev);
std::string local_key(std::string_view table, std::string_view key);

struct history_place {
  std::string key;
  revision rev;
};
/// Of a key behind "h table".
std::optional<history_place> parse_history(std::string_view rest);

/// Puts the checksum in front.
std::string seal(std::string_view key, std::string_view value);
/// Checks it and takes it off; nothing when it does not match.
std::optional<std::string_view> unseal(std::string_view key, std::string_view sealed);

std::string encode_record(std::string_view value, revision rev);
struct record_view {
  std::string_view value;
  revision rev;
};
std::optional<record_view> decode_record(std::string_view data);

/// The record before a mutation, or that there was none.
/// `rev` without a value: there was none.
std::string encode_before(std::optional<revision> rev, std::string_view value);
struct before_image {
  std::optional<raw_record> record;
};
std::optional<before_image> decode_before(std::string_view data);

std::string encode_committed(const committed& c);
std::optional<committed> decode_committed(std::string_view data);

error damaged(std::string where);

} // namespace weir::records::layout
