// scram_name: what the mechanisms of the SCRAM family are called (RFC 5802 4).
//
// "SCRAM-", the hash's textual name, and "-PLUS" for the form that is bound to the channel.

#ifndef SANSMTP_SASL_SCRAM_NAME_HPP
#define SANSMTP_SASL_SCRAM_NAME_HPP

#include <array>
#include <cstddef>
#include <string_view>

#include "sansmtp/sasl/hash.hpp"

namespace sansmtp {

template <hash Hash, bool Plus>
struct scram_name {
  static constexpr std::string_view prefix = "SCRAM-";
  static constexpr std::string_view of_hash = Hash::name;
  static constexpr std::string_view suffix = Plus ? "-PLUS" : "";

  static constexpr auto characters = [] {
    std::array<char, prefix.size() + of_hash.size() + suffix.size()> name{};
    std::size_t at = 0;
    for (const std::string_view part : {prefix, of_hash, suffix})
      for (char c : part) name[at++] = c;
    return name;
  }();
  static constexpr std::string_view value{characters.data(), characters.size()};
};

}  // namespace sansmtp

#endif
