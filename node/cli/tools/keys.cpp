// wallet passphrase: what seals the keys of a node that does not run.
#include "node/cli/tools/tools.hpp"
#include "node/runtime/first_start.hpp"
#include "storage/filecoin/keystore.hpp"
#include "storage/support/data_folder.hpp"

#include <iostream>

namespace weir::cli {

namespace {

using filecoin::key_secret;

/// From a file or the standard input, never from the arguments, where other users could read it.
result<key_secret> new_secret(const parsed& given) {
  auto from = given.get("new");
  if (given.has("own") != from.empty())
    return fail(errc::usage, "Say what seals the keys from now on: --new FILE ('-' is the standard input), or --own.");
  if (given.has("own"))
    return key_secret{};
  if (from != "-")
    return filecoin::read_key_file(from);
  key_secret typed;
  std::getline(std::cin, typed.words);
  while (!typed.words.empty() && typed.words.back() == '\r')
    typed.words.pop_back();
  if (typed.words.empty())
    return fail(errc::invalid_argument, "There is no passphrase in the first line of the standard input.");
  return typed;
}

/// The folder has to be there: a mistyped name makes no new one.
status reseal(const parsed& given) {
  std::filesystem::path data = given.get("data");
  std::error_code failed;
  if (data.empty())
    return fail(errc::usage, "Say where the node keeps its data: --data DIR.");
  if (!std::filesystem::exists(data / "version", failed))
    return fail(errc::not_found, "This is not the data folder of a node.", data.string());
  WEIR_TRY(auto next, new_secret(given));
  WEIR_TRY(auto present, wallet_secret(given.get("wallet-key-file")));
  WEIR_TRY(auto folder, data_folder::open(data)); // no node runs meanwhile
  return filecoin::keystore::reseal(folder.keys(), present, next);
}

int passphrase(context& c) {
  if (auto done = reseal(c.given()); !done)
    return c.fail(done.error());
  bool own = c.given().has("own");
  if (c.json())
    c.object(std::string{R"({"sealedWith":")"} + (own ? "own" : "given") + "\"}");
  else
    c.line(own ? "The keys open with the key file beside them." : "The keys open with the new passphrase or key file.");
  c.note("Copies of the folder that were made before open with the former one.");
  return 0;
}

} // namespace

std::vector<command> key_commands() {
  return {
      {"wallet passphrase",
       "",
       "Change the passphrase or key file that seals the keys; the node must not run.",
       "weir wallet passphrase --data ~/weir --wallet-key-file old --new new",
       {{"data", "DIR", "the node's data folder"},
        {"wallet-key-file", "FILE", "what opens them now; WEIR_WALLET_PASSPHRASE otherwise, or nothing for Weir's own"},
        {"new", "FILE", "key file, or file with a passphrase, from now on; '-' is a line of the standard input"},
        {"own", "", "the key file that Weir makes beside the keys, from now on"}},
       0,
       0,
       passphrase},
  };
}

} // namespace weir::cli
