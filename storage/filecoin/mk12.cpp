#include "storage/filecoin/mk12.hpp"

#include <algorithm>

namespace weir::filecoin::mk12 {

namespace {

// Every writer below has its keys in canonical order: by length, then by
// bytes. Every reader takes them as they come.

/// Calls `field(key)`, which takes the value or says that it does not know it.
template <class Field>
void read_map(cbor_reader& in, Field field) {
  auto entries = in.map();
  for (std::size_t i = 0; i < entries && in.ok(); ++i) {
    auto key = in.text();
    if (in.ok() && !field(key))
      in.skip();
  }
}

/// For `return took(…)` in the fields of a map.
template <class T, class V>
bool took(T& target, V&& value) {
  target = std::forward<V>(value);
  return true;
}

void write_uuid(cbor_writer& out, const uuid& id) {
  out.byte_string(id);
}

uuid read_uuid(cbor_reader& in) {
  uuid id{};
  auto data = in.byte_string(id.size());
  if (in.ok() && data.size() != id.size())
    in.refuse("a UUID has 16 bytes");
  if (in.ok())
    std::copy(data.begin(), data.end(), id.begin());
  return id;
}

void decode(cbor_reader& in, transfer& t);
void decode(cbor_reader& in, deal_params& m);
void decode(cbor_reader& in, deal_response& m);
void decode(cbor_reader& in, status_request& m);
void decode(cbor_reader& in, deal_status& d);
void decode(cbor_reader& in, status_response& m);
void decode(cbor_reader& in, ask_request& m);
void decode(cbor_reader& in, ask& a);
void decode(cbor_reader& in, signed_ask& a);
void decode(cbor_reader& in, ask_response& m);

template <class T>
T read(cbor_reader& in) {
  T value;
  decode(in, value);
  return value;
}

void encode(cbor_writer& out, const transfer& t) {
  out.map(4);
  out.text("Size"), out.uint(t.size);
  out.text("Type"), out.text(t.type);
  out.text("Params"), out.byte_string(t.params);
  out.text("ClientID"), out.text(t.client_id);
}

void decode(cbor_reader& in, transfer& t) {
  read_map(in, [&](std::string_view key) {
    if (key == "Size")
      return took(t.size, in.uint());
    if (key == "Type")
      return took(t.type, in.text());
    if (key == "Params")
      return took(t.params, to_bytes(in.byte_string()));
    return key == "ClientID" && took(t.client_id, in.text());
  });
}

void decode(cbor_reader& in, deal_params& m) {
  bool proposed = false;
  read_map(in, [&](std::string_view key) {
    if (key == "DealUUID")
      return took(m.id, read_uuid(in));
    if (key == "Transfer")
      return took(m.data, read<transfer>(in));
    if (key == "IsOffline")
      return took(m.offline, in.boolean());
    if (key == "DealDataRoot")
      return took(m.payload_root, in.link());
    if (key == "SkipIPNIAnnounce")
      return took(m.skip_announce, in.boolean());
    if (key == "ClientDealProposal")
      return proposed = took(m.proposal, read<client_deal_proposal>(in));
    return key == "RemoveUnsealedCopy" && took(m.remove_unsealed, in.boolean());
  });
  if (in.ok() && !proposed)
    in.refuse("there is no proposal in it");
}

void decode(cbor_reader& in, deal_response& m) {
  bool answered = false;
  read_map(in, [&](std::string_view key) {
    if (key == "Message")
      return took(m.message, in.text());
    return key == "Accepted" && (answered = took(m.accepted, in.boolean()));
  });
  if (in.ok() && !answered)
    in.refuse("it says neither accepted nor refused");
}

void decode(cbor_reader& in, status_request& m) {
  read_map(in, [&](std::string_view key) {
    if (key == "DealUUID")
      return took(m.id, read_uuid(in));
    return key == "Signature" && took(m.client_signature, read<signature>(in));
  });
}

void encode(cbor_writer& out, const deal_status& d) {
  out.map(7);
  out.text("Error"), out.text(d.problem);
  out.text("Status"), out.text(d.status);
  out.text("Proposal"), encode(out, d.proposal);
  out.text("PublishCid"), out.link_or_null(d.publish_message);
  out.text("ChainDealID"), out.uint(d.id.value);
  out.text("SealingStatus"), out.text(d.sealing);
  out.text("SignedProposalCid"), out.link_or_null(d.signed_proposal);
}

void decode(cbor_reader& in, deal_status& d) {
  read_map(in, [&](std::string_view key) {
    if (key == "Error")
      return took(d.problem, in.text());
    if (key == "Status")
      return took(d.status, in.text());
    if (key == "Proposal")
      return took(d.proposal, read<deal_proposal>(in));
    if (key == "PublishCid")
      return took(d.publish_message, in.link_or_null());
    if (key == "ChainDealID")
      return took(d.id, weir::deal_id{in.uint()});
    if (key == "SealingStatus")
      return took(d.sealing, in.text());
    return key == "SignedProposalCid" && took(d.signed_proposal, in.link_or_null());
  });
}

template <class T>
std::optional<T> read_or_null(cbor_reader& in) {
  if (in.take_null())
    return std::nullopt;
  return read<T>(in);
}

void decode(cbor_reader& in, status_response& m) {
  read_map(in, [&](std::string_view key) {
    if (key == "Error")
      return took(m.problem, in.text());
    if (key == "DealUUID")
      return took(m.id, read_uuid(in));
    if (key == "IsOffline")
      return took(m.offline, in.boolean());
    if (key == "DealStatus")
      return took(m.deal, read_or_null<deal_status>(in));
    if (key == "TransferSize")
      return took(m.transfer_size, in.uint());
    return key == "NBytesReceived" && took(m.bytes_received, in.uint());
  });
}

void decode(cbor_reader& in, ask_request& m) {
  read_map(in, [&](std::string_view key) { return key == "Miner" && took(m.miner, in.addr()); });
}

void encode(cbor_writer& out, const ask& a) {
  out.map(8);
  out.text("Miner"), out.addr(a.miner);
  out.text("Price"), out.amount(a.price);
  out.text("SeqNo"), out.uint(a.sequence);
  out.text("Expiry"), out.integer(a.expiry.value);
  out.text("Timestamp"), out.integer(a.timestamp.value);
  out.text("MaxPieceSize"), out.uint(a.max_piece);
  out.text("MinPieceSize"), out.uint(a.min_piece);
  out.text("VerifiedPrice"), out.amount(a.verified_price);
}

void decode(cbor_reader& in, ask& a) {
  read_map(in, [&](std::string_view key) {
    if (key == "Miner")
      return took(a.miner, in.addr());
    if (key == "Price")
      return took(a.price, in.amount());
    if (key == "SeqNo")
      return took(a.sequence, in.uint());
    if (key == "Expiry")
      return took(a.expiry, epoch{in.integer()});
    if (key == "Timestamp")
      return took(a.timestamp, epoch{in.integer()});
    if (key == "MaxPieceSize")
      return took(a.max_piece, in.uint());
    if (key == "MinPieceSize")
      return took(a.min_piece, in.uint());
    return key == "VerifiedPrice" && took(a.verified_price, in.amount());
  });
}

void decode(cbor_reader& in, signed_ask& a) {
  bool asked = false;
  read_map(in, [&](std::string_view key) {
    if (key == "Ask")
      return asked = took(a.what, read<ask>(in));
    return key == "Signature" && took(a.provider_signature, read_or_null<signature>(in));
  });
  if (in.ok() && !asked)
    in.refuse("there is no ask in it");
}

void decode(cbor_reader& in, ask_response& m) {
  read_map(in, [&](std::string_view key) { return key == "Ask" && took(m.answer, read_or_null<signed_ask>(in)); });
}

template <class T>
result<T> decoded(bytes_view data) {
  cbor_reader in{data};
  auto value = read<T>(in);
  WEIR_CHECK(in.finish());
  return value;
}

constexpr std::size_t uuid_text = 36;
constexpr bool is_dash(std::size_t i) {
  return i == 8 || i == 13 || i == 18 || i == 23;
}

} // namespace

result<uuid> parse_uuid(std::string_view text) {
  std::string digits;
  for (std::size_t i = 0; i < text.size() && text.size() == uuid_text; ++i)
    if (!is_dash(i))
      digits += text[i];
    else if (text[i] != '-')
      break;
  auto data = from_hex(digits);
  if (!data || data->size() != uuid{}.size())
    return fail(errc::malformed, "not a UUID", std::string{text.substr(0, uuid_text)});
  uuid id;
  std::copy(data->begin(), data->end(), id.begin());
  return id;
}

std::string to_text(const uuid& id) {
  auto text = to_hex(id);
  for (auto at : {8, 13, 18, 23})
    text.insert(static_cast<std::size_t>(at), 1, '-');
  return text;
}

bytes encode(const deal_params& m) {
  cbor_writer out;
  out.map(7);
  out.text("DealUUID"), write_uuid(out, m.id);
  out.text("Transfer"), encode(out, m.data);
  out.text("IsOffline"), out.boolean(m.offline);
  out.text("DealDataRoot"), out.link(m.payload_root);
  out.text("SkipIPNIAnnounce"), out.boolean(m.skip_announce);
  out.text("ClientDealProposal"), encode(out, m.proposal);
  out.text("RemoveUnsealedCopy"), out.boolean(m.remove_unsealed);
  return out.take();
}

bytes encode(const deal_response& m) {
  cbor_writer out;
  out.map(2);
  out.text("Message"), out.text(m.message);
  out.text("Accepted"), out.boolean(m.accepted);
  return out.take();
}

bytes encode(const status_request& m) {
  cbor_writer out;
  out.map(2);
  out.text("DealUUID"), write_uuid(out, m.id);
  out.text("Signature"), encode(out, m.client_signature);
  return out.take();
}

bytes encode(const status_response& m) {
  cbor_writer out;
  out.map(6);
  out.text("Error"), out.text(m.problem);
  out.text("DealUUID"), write_uuid(out, m.id);
  out.text("IsOffline"), out.boolean(m.offline);
  out.text("DealStatus"), m.deal ? encode(out, *m.deal) : out.null();
  out.text("TransferSize"), out.uint(m.transfer_size);
  out.text("NBytesReceived"), out.uint(m.bytes_received);
  return out.take();
}

bytes encode(const ask_request& m) {
  cbor_writer out;
  out.map(1);
  out.text("Miner"), out.addr(m.miner);
  return out.take();
}

bytes encode(const ask& m) {
  cbor_writer out;
  encode(out, m);
  return out.take();
}

bytes encode(const ask_response& m) {
  cbor_writer out;
  out.map(1);
  out.text("Ask");
  if (!m.answer) {
    out.null();
    return out.take();
  }
  out.map(2);
  out.text("Ask"), encode(out, m.answer->what);
  out.text("Signature");
  if (m.answer->provider_signature)
    encode(out, *m.answer->provider_signature);
  else
    out.null();
  return out.take();
}

result<deal_params> decode_deal_params(bytes_view data) {
  return decoded<deal_params>(data);
}

result<deal_response> decode_deal_response(bytes_view data) {
  return decoded<deal_response>(data);
}

result<status_request> decode_status_request(bytes_view data) {
  return decoded<status_request>(data);
}

result<status_response> decode_status_response(bytes_view data) {
  return decoded<status_response>(data);
}

result<ask_request> decode_ask_request(bytes_view data) {
  return decoded<ask_request>(data);
}

result<ask_response> decode_ask_response(bytes_view data) {
  return decoded<ask_response>(data);
}

} // namespace weir::filecoin::mk12
