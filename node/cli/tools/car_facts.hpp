#pragma once
// What a deal says of a CAR file, out of one pass over its bytes.
#include "messages/types/cid.hpp"
#include "node/cli/options.hpp"
#include "storage/pieces/commp.hpp"

#include <functional>

namespace weir::cli {

struct car_facts {
  std::uint64_t size = 0; ///< of the file, with whatever follows its last block
  commitment commp;       ///< of the whole file
  std::vector<cid> roots; ///< as far as the file is a CAR
  status good;            ///< why it is none: errc::malformed, errc::corrupt (a block) and others of car_parser
};

/// A file, or standard input under the name "-"; `done` hears of the bytes so
/// far. errc::io, errc::not_found, errc::unsupported (a folder, a device).
result<car_facts> read_car_facts(const std::string& path, const std::function<void(std::uint64_t done)>& done = {});

/// The only root; errc::unsupported when there is another number of them.
result<cid> only_root(const car_facts& car);

/// Makes the piece as large as --piece-size says, if it does. errc::usage.
status fit_piece_size(const parsed& given, commitment& made);

} // namespace weir::cli
