#pragma once
// The body of a PUT on its way to the content actor, in chunks whose answers
// are the credit: the socket is read only while fewer than `upload_window`
// chunks are on their way. Memory does not depend on the file's size.
#include "node/api/call.hpp"

namespace weir::api {

/// Answers 201 {"cid","size"}, or abandons the file and says why.
void receive_file(const call& c, const upload_id& upload, std::string path);
/// A CAR that is the whole content; the same answer.
void receive_car(const call& c, const upload_id& upload);

} // namespace weir::api
