#include "actors/support/committer.hpp"

namespace weir {

commit_next after_commit_error(errc code) {
  switch (code) {
  case errc::conflict:
    return commit_next::at_once;
  case errc::not_leader:
  case errc::outcome_unknown:
  case errc::timeout:
  case errc::overloaded:
  case errc::disk_full:
  case errc::io:
    return commit_next::later;
  default:
    return commit_next::done;
  }
}

} // namespace weir
