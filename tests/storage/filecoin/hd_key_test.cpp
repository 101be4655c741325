// The published vectors of BIP-39 (https://github.com/trezor/python-mnemonic,
// vectors.json, passphrase TREZOR) and BIP-32 (the BIP itself).
#include "storage/filecoin/hd_key.hpp"

#include "messages/types/multibase.hpp"
#include "storage/filecoin/address_text.hpp"

#include <gtest/gtest.h>

namespace weir::filecoin {

namespace {

struct words_vector {
  const char *entropy, *words, *seed, *master;
};
const words_vector words_vectors[] = {
    {"00000000000000000000000000000000",
     "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
     "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141"
     "630c7a3c4ab7c81b2f001698e7463b04",
     "xprv9s21ZrQH143K3h3fDYiay8mocZ3afhfULfb5GX8kCBdno77K4HiA15Tg23wpbeF1pLfs1c5SPmYHrEpTuuRhxMwvKDwq"
     "dKiGJS9XFKzUsAF"},
    {"9e885d952ad362caeb4efe34a8e91bd2", "ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic",
     "274ddc525802f7c828d8ef7ddbcdc5304e87ac3535913611fbbfa986d0c9e5476c91689f9c8a54fd55bd38606aa6a859"
     "5ad213d4c9c9f9aca3fb217069a41028",
     "xprv9s21ZrQH143K2oZ9stBYpoaZ2ktHj7jLz7iMqpgg1En8kKFTXJHsjxry1JbKH19YrDTicVwKPehFKTbmaxgVEc5TpHdS"
     "1aYhB2s9aFJBeJH"},
    {"6610b25967cdcca9d59875f5cb50b0ea75433311869e930b",
     "gravity machine north sort system female filter attitude volume fold club stay feature office ec"
     "ology stable narrow fog",
     "628c3827a8823298ee685db84f55caa34b5cc195a778e52d45f59bcf75aba68e4d7590e101dc414bc1bbd5737666fbbe"
     "f35d1f1903953b66624f910feef245ac",
     "xprv9s21ZrQH143K3uT8eQowUjsxrmsA9YUuQQK1RLqFufzybxD6DH6gPY7NjJ5G3EPHjsWDrs9iivSbmvjc9DQJbJGatfa9"
     "pv4MZ3wjr8qWPAK"},
    {"0000000000000000000000000000000000000000000000000000000000000000",
     "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon "
     "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon art",
     "bda85446c68413707090a52022edd26a1c9462295029f2e60cd7c4f2bbd3097170af7a4d73245cafa9c3cca8d561a7c3"
     "de6f5d4a10be8ed2a5e608d68f92fcc8",
     "xprv9s21ZrQH143K32qBagUJAMU2LsHg3ka7jqMcV98Y7gVeVyNStwYS3U7yVVoDZ4btbRNf4h6ibWpY22iRmXq35qgLs79f"
     "312g2kj5539ebPM"},
    {"7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
     "legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth use"
     "ful legal winner thank year wave sausage worth title",
     "bc09fca1804f7e69da93c2f2028eb238c227f2e9dda30cd63699232578480a4021b146ad717fbb7e451ce9eb835f4362"
     "0bf5c514db0f8add49f5d121449d3e87",
     "xprv9s21ZrQH143K3Y1sd2XVu9wtqxJRvybCfAetjUrMMco6r3v9qZTBeXiBZkS8JxWbcGJZyio8TrZtm6pkbzG8SYt1sxwN"
     "Lh3Wx7to5pgiVFU"},
    {"8080808080808080808080808080808080808080808080808080808080808080",
     "letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor a"
     "coustic avoid letter advice cage absurd amount doctor acoustic bless",
     "c0c519bd0e91a2ed54357d9d1ebef6f5af218a153624cf4f2da911a0ed8f7a09e2ef61af0aca007096df430022f7a2b6"
     "fb91661a9589097069720d015e4e982f",
     "xprv9s21ZrQH143K3CSnQNYC3MqAAqHwxeTLhDbhF43A4ss4ciWNmCY9zQGvAKUSqVUf2vPHBTSE1rB2pg4avopqSiLVzXEU"
     "8KziNnVPauTqLRo"},
    {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
     "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo vote",
     "dd48c104698c30cfe2b6142103248622fb7bb0ff692eebb00089b32d22484e1613912f0a5b694407be899ffd31ed3992"
     "c456cdf60f5d4564b8ba3f05a69890ad",
     "xprv9s21ZrQH143K2WFF16X85T2QCpndrGwx6GueB72Zf3AHwHJaknRXNF37ZmDrtHrrLSHvbuRejXcnYxoZKvRquTPyp2Ji"
     "NG3XcjQyzSEgqCB"},
    {"68a79eaca2324873eacc50cb9c6eca8cc68ea5d936f98787c60c7ebc74e6ce7c",
     "hamster diagram private dutch cause delay private meat slide toddler razor book happy fancy gosp"
     "el tennis maple dilemma loan word shrug inflict delay length",
     "64c87cde7e12ecf6704ab95bb1408bef047c22db4cc7491c4271d170a1b213d20b385bc1588d9c7b38f1b39d415665b8"
     "a9030c9ec653d75e65f847d8fc1fc440",
     "xprv9s21ZrQH143K2XTAhys3pMNcGn261Fi5Ta2Pw8PwaVPhg3D8DWkzWQwjTJfskj8ofb81i9NP2cUNKxwjueJHHMQAnxti"
     "vTA75uUFqPFeWzk"},
    {"9f6a2878b2520799a44ef18bc7df394e7061a224d2c33cd015b157d746869863",
     "panda eyebrow bullet gorilla call smoke muffin taste mesh discover soft ostrich alcohol speed na"
     "tion flash devote level hobby quick inner drive ghost inside",
     "72be8e052fc4919d2adf28d5306b5474b0069df35b02303de8c1729c9538dbb6fc2d731d5f832193cd9fb6aeecbc4695"
     "94a70e3dd50811b5067f3b88b28c3e8d",
     "xprv9s21ZrQH143K2WNnKmssvZYM96VAr47iHUQUTUyUXH3sAGNjhJANddnhw3i3y3pBbRAVk5M5qUGFr4rHbEWwXgX4qrvr"
     "ceifCYQJbbFDems"},
    {"066dca1a2bb7e8a1db2832148ce9933eea0f3ac9548d793112d9a95c9407efad",
     "all hour make first leader extend hole alien behind guard gospel lava path output census museum "
     "junior mass reopen famous sing advance salt reform",
     "26e975ec644423f4a4c4f4215ef09b4bd7ef924e85d1d17c4cf3f136c2863cf6df0a475045652c57eb5fb41513ca2a2d"
     "67722b77e954b4b3fc11f7590449191d",
     "xprv9s21ZrQH143K3rEfqSM4QZRVmiMuSWY9wugscmaCjYja3SbUD3KPEB1a7QXJoajyR2T1SiXU7rFVRXMV9XdYVSZe7JoU"
     "XdP4SRHTxsT1nzm"},
    {"f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f",
     "void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen"
     " patrol group space point ten exist slush involve unfold",
     "01f5bced59dec48e362f2c45b5de68b9fd6c92c6634f44d6d40aab69056506f0e35524a518034ddc1192e1dacd32c1ed"
     "3eaa3c3b131c88ed8e7e54c49a5d0998",
     "xprv9s21ZrQH143K39rnQJknpH1WEPFJrzmAqqasiDcVrNuk926oizzJDDQkdiTvNPr2FYDYzWgiMiC63YmfPAa2oPyNB23r"
     "2g7d1yiK6WpqaQS"},
};

struct step {
  std::uint32_t index; ///< of the first one nothing: it is the master
  const char* key;
};
struct tree_vector {
  const char* seed;
  std::vector<step> steps;
};
const tree_vector tree_vectors[] = {
    {"000102030405060708090a0b0c0d0e0f",
     {
         {0, "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3"
             "TGtRBeJgk33yuGBxrMPHi"},
         {hardened, "xprv9uHRZZhk6KAJC1avXpDAp4MDc3sQKNxDiPvvkX8Br5ngLNv1TxvUxt4cV1rGL5hj6KCesnDYUhd7oWgT11eZG7"
                    "XnxHrnYeSvkzY7d2bhkJ7"},
         {1, "xprv9wTYmMFdV23N2TdNG573QoEsfRrWKQgWeibmLntzniatZvR9BmLnvSxqu53Kw1UmYPxLgboyZQaXwTCg8MSY3H"
             "2EU4pWcQDnRnrVA1xe8fs"},
         {hardened + 2, "xprv9z4pot5VBttmtdRTWfWQmoH1taj2axGVzFqSb8C9xaxKymcFzXBDptWmT7FwuEzG3ryjH4ktypQSAewRiNMjAN"
                        "TtpgP4mLTj34bhnZX7UiM"},
         {2, "xprvA2JDeKCSNNZky6uBCviVfJSKyQ1mDYahRjijr5idH2WwLsEd4Hsb2Tyh8RfQMuPh7f7RtyzTtdrbdqqsunu5Mm"
             "3wDvUAKRHSC34sJ7in334"},
         {1000000000, "xprvA41z7zogVVwxVSgdKUHDy1SKmdb533PjDz7J6N6mV6uS3ze1ai8FHa8kmHScGpWmj4WggLyQjgPie1rFSruoUi"
                      "hUZREPSL39UNdE3BBDu76"},
     }},
    {"fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a29f9c999693908d8a8784817e7b787572"
     "6f6c696663605d5a5754514e4b484542",
     {
         {0, "xprv9s21ZrQH143K31xYSDQpPDxsXRTUcvj2iNHm5NUtrGiGG5e2DtALGdso3pGz6ssrdK4PFmM8NSpSBHNqPqm55Q"
             "n3LqFtT2emdEXVYsCzC2U"},
         {0, "xprv9vHkqa6EV4sPZHYqZznhT2NPtPCjKuDKGY38FBWLvgaDx45zo9WQRUT3dKYnjwih2yJD9mkrocEZXo1ex8G81d"
             "wSM1fwqWpWkeS3v86pgKt"},
         {hardened + 2147483647,
          "xprv9wSp6B7kry3Vj9m1zSnLvN3xH8RdsPP1Mh7fAaR7aRLcQMKTR2vidYEeEg2mUCTAwCd6vnxVrcjfy2kRgVsFaw"
          "NzmjuHc2YmYRmagcEPdU9"},
         {1, "xprv9zFnWC6h2cLgpmSA46vutJzBcfJ8yaJGg8cX1e5StJh45BBciYTRXSd25UEPVuesF9yog62tGAQtHjXajPPdbR"
             "CHuWS6T8XA2ECKADdw4Ef"},
         {hardened + 2147483646,
          "xprvA1RpRA33e1JQ7ifknakTFpgNXPmW2YvmhqLQYMmrj4xJXXWYpDPS3xz7iAxn8L39njGVyuoseXzU6rcxFLJ8HF"
          "sTjSyQbLYnMpCqE2VbFWc"},
         {2, "xprvA2nrNbFZABcdryreWet9Ea4LvTJcGsqrMzxHx98MMrotbir7yrKCEXw7nadnHM8Dq38EGfSh6dqA9QWTyefMLE"
             "cBYJUuekgW4BYPJcr9E7j"},
     }},
    {"4b381541583be4423346c643850da4b320e46a87ae3d2a4e6da11eba819cd4acba45d239319ac14f863b8d5ab5a0d0c6"
     "4d2e8a1e7d1457df2e5a3c51c73235be",
     {
         {0, "xprv9s21ZrQH143K25QhxbucbDDuQ4naNntJRi4KUfWT7xo4EKsHt2QJDu7KXp1A3u7Bi1j8ph3EGsZ9Xvz9dGuVrt"
             "HHs7pXeTzjuxBrCmmhgC6"},
         {hardened, "xprv9uPDJpEQgRQfDcW7BkF7eTya6RPxXeJCqCJGHuCJ4GiRVLzkTXBAJMu2qaMWPrS7AANYqdq6vcBcBUdJCVVFce"
                    "UvJFjaPdGZ2y9WACViL4L"},
     }},
};

/// Of an extended private key in base 58: chain code and secret.
void expect_key(const hd_key& key, const char* text) {
  auto raw = base_decode(multibase::base58btc, text);
  ASSERT_TRUE(raw && raw->size() == 82) << text;
  EXPECT_EQ(to_hex(key.chain_code()), to_hex(bytes_view{*raw}.subspan(13, 32)));
  EXPECT_EQ(to_hex(key.secret()), to_hex(bytes_view{*raw}.subspan(46, 32)));
}

TEST(mnemonic, the_published_words_and_seeds) {
  for (auto& v : words_vectors) {
    EXPECT_EQ(*words_of(*from_hex(v.entropy)), v.words);
    EXPECT_EQ(to_hex(*entropy_of(v.words)), v.entropy);
    auto seed = seed_of(v.words, "TREZOR");
    ASSERT_TRUE(seed);
    EXPECT_EQ(to_hex(seed->view()), v.seed);
    expect_key(*hd_key::master(seed->view()), v.master);
  }
}

TEST(mnemonic, spaces_and_case_do_not_matter_and_the_rest_does) {
  std::string words = words_vectors[3].words;
  EXPECT_TRUE(entropy_of("  Abandon\tABANDON\n" + words.substr(16) + "\n"));
  auto refused = [](const std::string& text) {
    auto e = entropy_of(text);
    EXPECT_FALSE(e) << text;
    return e ? error{} : e.error();
  };
  EXPECT_EQ(refused(words + " art").code, errc::malformed);
  EXPECT_EQ(refused(words.substr(8)).code, errc::malformed) << "23 words";
  EXPECT_EQ(refused(words.substr(0, words.size() - 3) + "zoo").code, errc::malformed) << "the check does not fit";
  EXPECT_EQ(refused("").code, errc::malformed);
  EXPECT_EQ(refused(std::string(1000, 'a')).code, errc::malformed);
  auto wrong = refused("abandon secretword " + words.substr(16));
  EXPECT_EQ(wrong.value, "word 2");
  EXPECT_EQ(to_string(wrong).find("secretword"), std::string::npos) << "words are a secret";
  EXPECT_FALSE(words_of(bytes(31)));
}

TEST(hd_key, the_published_trees) {
  for (auto& v : tree_vectors) {
    auto key = *hd_key::master(*from_hex(v.seed));
    for (auto& s : v.steps) {
      if (&s != &v.steps.front())
        key = *key.child(s.index);
      expect_key(key, s.key);
    }
  }
  EXPECT_FALSE(hd_key::master(bytes(15)));
  EXPECT_FALSE(hd_key::master(bytes(65)));
}

/// What other Filecoin wallets make of the same words.
TEST(hd_key, the_addresses_of_other_wallets) {
  auto branch = address_branch(seed_of(words_vectors[0].words)->view());
  EXPECT_EQ(to_text(address_key(*branch, 0)->address()), "f1qode47ievxlxzk6z2viuovedabmn3tq6t57uqhq");
  EXPECT_EQ(derivation_path(0), "m/44'/461'/0'/0/0");
  // The Filecoin app for Ledger devices, m/44'/461'/5'/0/3 of its tests' words.
  auto seed = seed_of("equip will roof matter pink blind book anxiety banner elbow sun young");
  auto key = *hd_key::master(seed->view());
  for (auto index : {hardened + 44, hardened + 461, hardened + 5, 0u, 3u})
    key = *key.child(index);
  EXPECT_EQ(to_text(secret_key::from_bytes(key.secret())->address()), "f1mk3zcefvlgpay4f32c5vmruk5gqig6dumc7pz6q");
}

} // namespace

} // namespace weir::filecoin
