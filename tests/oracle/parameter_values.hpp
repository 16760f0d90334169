// The values of the parameters of MAIL and RCPT: what their ABNF can't say, and what they mean, in words.

#ifndef SANSMTP_TESTS_ORACLE_PARAMETER_VALUES_HPP
#define SANSMTP_TESTS_ORACLE_PARAMETER_VALUES_HPP

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/abnf.hpp"
#include "oracle/address_rules.hpp"
#include "oracle/core_rules.hpp"
#include "oracle/date_rules.hpp"
#include "oracle/encoding_rules.hpp"
#include "oracle/parameter_rules.hpp"

namespace oracle {

inline std::string date_words(const date_fields& date) {
  return std::to_string(date.seconds) + (date.leap_second ? " leap " : " ") + date.fraction + " " +
         std::to_string(date.offset) + (date.offset_known ? "" : " unknown");
}

// Encoded UTF-8, RFC 3629 3, of a character that there is: no surrogate, none over 10FFFF.
inline std::optional<std::string> utf8_of(unsigned long point) {
  if (point > 0x10FFFF || (0xD800 <= point && point <= 0xDFFF)) return std::nullopt;
  const auto octet = [](unsigned long value) { return static_cast<char>(static_cast<unsigned char>(value)); };
  if (point < 0x80) return std::string{octet(point)};
  if (point < 0x800) return std::string{octet(0xC0 + point / 64), octet(0x80 + point % 64)};
  if (point < 0x10000)
    return std::string{octet(0xE0 + point / 4096), octet(0x80 + point / 64 % 64), octet(0x80 + point % 64)};
  return std::string{octet(0xF0 + point / 262144), octet(0x80 + point / 4096 % 64), octet(0x80 + point / 64 % 64),
                     octet(0x80 + point % 64)};
}

// What an ORCPT of type utf-8 stands for: EmbeddedUnicodeChars decoded, or a Mailbox as it is.
inline std::optional<std::string> decoded_unitext(std::string_view address) {
  const auto unitext = parameter_grammar().match("utf-8-addr-unitext", address);
  std::string raw;
  bool good = unitext.has_value();
  std::size_t done = 0;
  if (unitext) {
    for (const tree* one : unitext->all("embeddedunicodechar")) {
      const auto character = utf8_of(std::stoul(one->text_of("hexpoint"), nullptr, 16));
      good = good && character.has_value();
      if (!good) break;
      raw += std::string(address.substr(done, one->begin - done)) + *character;
      done = one->end;
    }
    if (good) return raw + std::string(address.substr(done));
  }
  if (read_mailbox(address)) return std::string(address);
  return std::nullopt;
}

// RFC 3461 4.2, 4.4: "printable (graphic and white space) characters from the US-ASCII repertoire".
inline bool is_printable(std::string_view raw) {
  return std::all_of(raw.begin(), raw.end(), [](char c) { return c == '\t' || (' ' <= c && c <= '~'); });
}

// The value of a parameter that there is a rule for, in words.
inline std::optional<std::string> value_words(const std::string& keyword, const std::string& value) {
  const auto found = parameter_grammar().match(keyword + "-value", value);
  if (!found && keyword != "ORCPT") return std::nullopt;
  const auto mailbox_in_xtext = [&]() -> std::optional<std::string> {
    const std::string raw = decoded_xtext(*found->find("xtext"));
    return read_mailbox(raw) ? std::optional(raw) : std::nullopt;
  };
  if (keyword == "SIZE") {
    // More than 64 bits hold is as much as they hold.
    const std::string digits = value.substr(std::min(value.find_first_not_of('0'), value.size() - 1));
    const std::string most = "18446744073709551615";
    return digits.size() > most.size() || (digits.size() == most.size() && digits > most) ? most : digits;
  }
  if (keyword == "BODY" || keyword == "RET") return in_upper_case(value);
  if (keyword == "ENVID") {
    if (value.size() > 100) return std::nullopt;  // RFC 3461 4.4
    const std::string raw = decoded_xtext(*found->find("xtext"));
    return is_printable(raw) ? std::optional(raw) : std::nullopt;
  }
  if (keyword == "AUTH") {
    if (value == "<>") return value;
    if (value.size() > 494) return std::nullopt;  // what " AUTH=" leaves of RFC 4954 3's 500
    return mailbox_in_xtext();
  }
  if (keyword == "SUBMITTER") return mailbox_in_xtext();
  if (keyword == "ALT-ADDRESS") {
    if (value.size() > 447) return std::nullopt;  // what " ALT-ADDRESS=" leaves of RFC 5336 3.1's 460
    const auto raw = mailbox_in_xtext();
    return raw && is_ascii(*raw) ? raw : std::nullopt;
  }
  if (keyword == "BY") {
    const long seconds = std::stol(found->text_of("by-time"));
    const std::string how = in_upper_case(value.substr(value.find(';') + 1));
    if (how[0] == 'R' && seconds <= 0) return std::nullopt;  // the comment of by-time
    return std::to_string(seconds) + how;
  }
  if (keyword == "HOLDFOR") return value;
  if (keyword == "HOLDUNTIL") {
    const auto date = date_of(*found);
    if (!date || date->offset != 0) return std::nullopt;  // "normalized to UTC"
    return date_words(*date);
  }
  if (keyword == "MT-PRIORITY") return value;
  if (keyword == "MTRK") {
    const auto raw = decoded_base64(found->text_of("mtrk-certifier"));
    if (!raw) return std::nullopt;
    const std::string timeout = found->text_of("mtrk-timeout");
    return *raw + (timeout.empty() ? "" : " for " + std::to_string(std::stol(timeout)));
  }
  if (keyword == "SOLICIT") {
    if (value.size() > 1000) return std::nullopt;
    std::string words;
    for (const tree* word : found->all("word")) words += word->text + " ";
    return words;
  }
  if (keyword == "TRANSID") {
    if (value.size() > 80) return std::nullopt;
    return found->text_of("transid-local") + " at " + found->text_of("transid-domain");
  }
  if (keyword == "XVERP") return value;
  if (keyword == "XOORG") return domain_is_short_enough(*found->find("domain")) ? std::optional(value) : std::nullopt;
  if (keyword == "NOTIFY") {
    bool asked[3] = {};
    for (const tree* one : found->all("notify-list-element")) {
      bool& flag = asked[in_upper_case(one->text) == "SUCCESS" ? 0 : in_upper_case(one->text) == "FAILURE" ? 1 : 2];
      // Exception: the ABNF of RFC 3461 4.1 lets an element stand twice; here it means nothing and is refused.
      if (flag) return std::nullopt;
      flag = true;
    }
    return std::string(asked[0] ? "S" : "") + (asked[1] ? "F" : "") + (asked[2] ? "D" : "");
  }
  if (keyword == "ORCPT") {
    if (value.size() > 500) return std::nullopt;  // RFC 3461 4.2
    const std::size_t semicolon = value.find(';');
    if (in_upper_case(value.substr(0, semicolon)) == "UTF-8" && semicolon != std::string::npos) {
      const auto raw = decoded_unitext(value.substr(semicolon + 1));
      return raw ? std::optional("utf-8 " + value.substr(0, semicolon) + " " + *raw) : std::nullopt;
    }
    if (!found) return std::nullopt;
    const std::string raw = decoded_xtext(*found->find("xtext"));
    return is_printable(raw) ? std::optional(found->text_of("addr-type") + " " + raw) : std::nullopt;
  }
  // RRVS
  if (found->find("time-secfrac") != nullptr) return std::nullopt;
  const auto date = date_of(*found);
  if (!date) return std::nullopt;
  const bool goes_on = in_upper_case(value.substr(value.size() - 1)) == "C";
  return date_words(*date) + (goes_on ? " C" : " R");
}

// What the parameters mean: by keyword in upper case, each value in words.
struct parameters_fields {
  std::vector<parameter_fields> list;
  std::map<std::string, std::string> meaning;
};

struct parameter_kind {
  std::string_view keyword;
  bool mail, rcpt;
  enum { none, optional, required } value;
};

// Which parameters there are, where they stand, and whether a value follows.
inline constexpr parameter_kind parameter_kinds[] = {
    {"SIZE", true, false, parameter_kind::required},         // RFC 1870
    {"BODY", true, false, parameter_kind::required},         // RFC 6152
    {"SMTPUTF8", true, false, parameter_kind::none},         // RFC 6531
    {"AUTH", true, false, parameter_kind::required},         // RFC 4954
    {"RET", true, false, parameter_kind::required},          // RFC 3461
    {"ENVID", true, false, parameter_kind::required},        // RFC 3461
    {"BY", true, false, parameter_kind::required},           // RFC 2852
    {"HOLDFOR", true, false, parameter_kind::required},      // RFC 4865
    {"HOLDUNTIL", true, false, parameter_kind::required},    // RFC 4865
    {"MT-PRIORITY", true, false, parameter_kind::required},  // RFC 6710
    {"MTRK", true, false, parameter_kind::required},         // RFC 3885
    {"SOLICIT", true, false, parameter_kind::required},      // RFC 3865
    {"SUBMITTER", true, false, parameter_kind::required},    // RFC 4405
    {"TRANSID", true, false, parameter_kind::required},      // RFC 1845
    {"REQUIRETLS", true, false, parameter_kind::none},       // RFC 8689
    {"CONPERM", true, false, parameter_kind::none},          // RFC 4141
    {"XVERP", true, false, parameter_kind::optional},        // of no RFC
    {"PRDR", true, false, parameter_kind::none},             // of no RFC
    {"XOORG", true, false, parameter_kind::required},        // of no RFC
    {"ALT-ADDRESS", true, true, parameter_kind::required},   // RFC 5336
    {"NOTIFY", false, true, parameter_kind::required},       // RFC 3461
    {"ORCPT", false, true, parameter_kind::required},        // RFC 3461
    {"RRVS", false, true, parameter_kind::required},         // RFC 7293
    {"CONNEG", false, true, parameter_kind::none},           // RFC 4141
    {"IGNOREQUOTA", false, true, parameter_kind::none},      // of no RFC
};

// A keyword that is no row's is kept as it stands.
inline std::optional<parameters_fields> read_known_parameters(std::string_view text, bool mail) {
  const auto list = read_parameters(text);
  if (!list) return std::nullopt;
  parameters_fields fields{*list, {}};
  for (const parameter_fields& one : *list) {
    const std::string keyword = in_upper_case(one.keyword);
    for (const parameter_kind& kind : parameter_kinds) {
      if (kind.keyword != keyword) continue;
      if (mail ? !kind.mail : !kind.rcpt) return std::nullopt;
      if (one.value && kind.value == parameter_kind::none) return std::nullopt;
      if (!one.value && kind.value == parameter_kind::required) return std::nullopt;
      std::string& meaning = fields.meaning[keyword];
      if (!one.value) {
        meaning = keyword == "XVERP" ? "+=" : "yes";
        continue;
      }
      const auto words = value_words(keyword, *one.value);
      if (!words) return std::nullopt;
      meaning = *words;
    }
  }
  const auto value_of = [&](std::string_view keyword) {
    for (const parameter_fields& one : *list)
      if (in_upper_case(one.keyword) == keyword) return one.value;
    return std::optional<std::string>();
  };
  // RFC 4865 4.1: "one, and only one, hold-param"; 5.2.2: not beyond the time to deliver by.
  const auto holdfor = value_of("HOLDFOR"), holduntil = value_of("HOLDUNTIL"), by = value_of("BY");
  if (mail && holdfor && holduntil) return std::nullopt;
  if (mail && holdfor && by && std::stol(*holdfor) > std::stol(*by)) return std::nullopt;
  // RFC 4954 8 and RFC 4405 4 have the Mailbox of RFC 5321: RFC 6531 3.3 has another, but only with SMTPUTF8.
  for (const char* keyword : {"AUTH", "SUBMITTER"})
    if (mail && fields.meaning.count(keyword) != 0 && !is_ascii(fields.meaning[keyword]) &&
        fields.meaning.count("SMTPUTF8") == 0)
      return std::nullopt;
  // RFC 3885 3.2: with MTRK there must be an ENVID, and it is a unique-envid.
  if (mail && value_of("MTRK")) {
    const auto envid = value_of("ENVID");
    if (!envid || !parameter_grammar().match("unique-envid", *envid)) return std::nullopt;
  }
  return fields;
}

inline std::optional<parameters_fields> read_mail_parameters(std::string_view text) {
  return read_known_parameters(text, true);
}
inline std::optional<parameters_fields> read_rcpt_parameters(std::string_view text) {
  return read_known_parameters(text, false);
}

}  // namespace oracle

#endif
