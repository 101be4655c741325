#pragma once
// A certificate of a test, signed by itself, for 127.0.0.1 and localhost.
#include <cstdio>
#include <filesystem>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <utility>

namespace weir::test {

class certificate {
public:
  /// Also as `folder`/cert.pem, and its key as `folder`/key.pem.
  explicit certificate(const std::filesystem::path& folder) {
    ASN1_INTEGER_set(X509_get_serialNumber(signed_), 1);
    X509_set_version(signed_, 2);
    X509_gmtime_adj(X509_getm_notBefore(signed_), -3600);
    X509_gmtime_adj(X509_getm_notAfter(signed_), 3600);
    X509_set_pubkey(signed_, key_);
    auto* name = X509_get_subject_name(signed_);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("weir test"), -1, -1,
                               0);
    X509_set_issuer_name(signed_, name);
    for (auto [what, value] :
         {std::pair{NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost"}, std::pair{NID_basic_constraints, "CA:TRUE"}}) {
      auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value);
      X509_add_ext(signed_, extension, -1);
      X509_EXTENSION_free(extension);
    }
    X509_sign(signed_, key_, EVP_sha256());
    auto* out = std::fopen((folder / "cert.pem").c_str(), "w");
    PEM_write_X509(out, signed_);
    std::fclose(out);
    out = std::fopen((folder / "key.pem").c_str(), "w");
    PEM_write_PrivateKey(out, key_, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(out);
  }
  certificate(const certificate&) = delete;
  certificate& operator=(const certificate&) = delete;
  ~certificate() {
    X509_free(signed_);
    EVP_PKEY_free(key_);
  }
  X509* get() const { return signed_; }
  EVP_PKEY* key() const { return key_; }

private:
  EVP_PKEY* key_ = EVP_EC_gen("P-256");
  X509* signed_ = X509_new();
};

} // namespace weir::test
