#pragma once
// What several commands need: finding contents by what a person typed, and
// showing their deals.
#include "node/cli/context.hpp"

#include <string>
#include <vector>

namespace weir::cli {

/// "CID", "CID/path/inside", or the id of a content.
struct named_content {
  std::string name; ///< CID or id
  std::string path; ///< inside it, without the leading "/"
};
named_content take_apart(const std::string& text);

/// All of the caller's contents with this CID (or the one with this id), with
/// deals and pieces. errc::not_found when there is none.
result<std::vector<json::value>> contents_of(client& node, const std::string& name);

/// "4 of 6 active"; deals of a content against its promise.
std::string copies_text(const json::value& content);
/// How many deals of a content have reached a state that counts as `state` or more.
std::size_t deals_at_least(const json::value& content, std::string_view state);

/// The entry of --json for a content: cid, size, state, bucket, piece, pieceSize, deals.
result<std::string> status_object(client& node, const json::value& content);

/// A command that lists items: --json gives them as they are, else a table.
int list_items(context& c, const std::string& path, const query& q, std::vector<std::string> heads,
               const std::function<std::vector<std::string>(const json::value&)>& row);
/// A command that shows one thing: --json as it is, else one line a member.
int show_item(context& c, const std::string& path);
/// An answer: --json as it is, else this member of it.
int show_answer(context& c, const result<json::value>& answer, std::string_view member);
/// A secret that is shown once: what comes before it, and what is said about it.
int show_secret(context& c, const result<json::value>& answer, std::string_view member, const std::string& note);
/// The members of an object, one line each, nested ones indented.
void show_members(context& c, const json::value& v, const std::string& indent = {});

// The commands, one file each group.
std::vector<command> process_commands();
std::vector<command> add_commands();
std::vector<command> content_commands();
std::vector<command> get_commands();
std::vector<command> dag_commands();
std::vector<command> bucket_commands();
std::vector<command> pin_commands();
std::vector<command> place_commands();
std::vector<command> wallet_commands();
std::vector<command> token_commands();
std::vector<command> ffs_commands();
std::vector<command> watch_commands();
std::vector<command> devnet_commands();
std::vector<command> shell_commands();

} // namespace weir::cli
