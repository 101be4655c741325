// The first byte chooses the record, the rest is what a table would hold.
#include "storage/records/codec.hpp"
#include "storage/records/layout.hpp"
#include "storage/records/tables.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace weir;

namespace {

template <class R>
void use(std::string_view data) {
  if (auto record = records::decode<R>(data)) {
    // What an older version wrote is written anew as the present one does.
    auto again = records::encode(*record);
    if (data.front() == static_cast<char>(R::version))
      fuzz::require(again == data);
    else
      fuzz::require(records::encode(*records::decode<R>(again)) == again);
    auto key = records::encode_key(records::table_of<R>::key(*record));
    fuzz::require(records::decode_key<typename records::table_of<R>::key_type>(key).has_value());
  }
}

void use_journal(std::string_view data) {
  if (auto entry = records::layout::decode_committed(data))
    fuzz::require(records::layout::decode_committed(records::layout::encode_committed(*entry)).has_value());
  (void)records::layout::decode_before(data);
  (void)records::layout::decode_record(data);
  if (auto place = records::layout::parse_history(data))
    fuzz::require(records::layout::history_key(table_id::deals, place->key, place->rev).substr(2) == data);
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0)
    return 0;
  auto text = fuzz::text_of(data + 1, size - 1);
  switch (data[0] % 12) {
  case 0:
    use_journal(text);
    break;
  case 1:
    use<content>(text);
    break;
  case 2:
    use<bucket>(text);
    break;
  case 3:
    use<piece>(text);
    break;
  case 4:
    use<placement>(text);
    break;
  case 5:
    use<deal>(text);
    break;
  case 6:
    use<provider>(text);
    break;
  case 7:
    use<selection>(text);
    break;
  case 8:
    use<wallet_address>(text);
    break;
  case 9:
    use<chain_message>(text);
    break;
  case 10:
    use<access_token>(text);
    break;
  case 11:
    use<idempotent_answer>(text);
    break;
  }
  return 0;
}
