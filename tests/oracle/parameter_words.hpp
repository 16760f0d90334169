// Parameters in one line of text, once from the library's types and once from the oracle's fields.

#ifndef SANSMTP_TESTS_ORACLE_PARAMETER_WORDS_HPP
#define SANSMTP_TESTS_ORACLE_PARAMETER_WORDS_HPP

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/address_words.hpp"
#include "oracle/parameter_values.hpp"
#include "sansmtp/wire/mail_parameters.hpp"
#include "sansmtp/wire/rcpt_parameters.hpp"

namespace oracle {

inline std::string words(const std::vector<parameter_fields>& list) {
  std::string out;
  for (const parameter_fields& one : list) out += field(one.keyword, one.value ? "=" + *one.value : "");
  return out;
}

inline std::string words(const sansmtp::parameters& list) {
  std::string out;
  bool ascii = true;
  std::size_t count = 0;
  for (const auto& one : list) {
    out += field(one.keyword, one.value ? "=" + std::string(*one.value) : "");
    ascii = ascii && (!one.value || is_ascii(*one.value));
    ++count;
    const auto again = list.find(one.keyword);
    if (!again || again->at != one.at) out += " is not found";
  }
  if (count != list.size() || ascii != list.is_ascii()) out += " is counted wrong";
  return out;
}

inline std::string words(const std::map<std::string, std::string>& meaning) {
  std::string out;
  for (const auto& [keyword, value] : meaning) out += field(keyword, value);
  return out;
}

inline std::string words(const parameters_fields& p) { return words(p.list) + " :" + words(p.meaning); }

inline std::string date_words(const sansmtp::date_time& date) {
  std::string fraction = std::to_string(date.fraction().count());
  fraction.insert(0, 9 - fraction.size(), '0');
  return std::to_string(date.since_epoch().count()) + (date.is_leap_second() ? " leap " : " ") + fraction + " " +
         std::to_string(date.offset().count()) + (date.offset_is_known() ? "" : " unknown");
}

inline std::string raw_of(const sansmtp::xtext& text) {
  sansmtp::output_buffer<600> room;
  if (!text.decode(room) || room.written().size() != text.decoded_size() || !text.equals(room.written()))
    return "is decoded wrong";
  return std::string(room.written());
}

inline std::string raw_of(const auto& mailbox_in_xtext) {
  sansmtp::output_buffer<600> room;
  const auto mailbox = mailbox_in_xtext.mailbox(room);
  return mailbox ? std::string(mailbox->text()) : "is decoded wrong";
}

inline std::string words(const sansmtp::mail_parameters& p) {
  std::map<std::string, std::string> meaning;
  const auto put = [&](const char* keyword, const auto& value, auto in_words) {
    if (value) meaning[keyword] = in_words(*value);
  };
  const auto put_flag = [&](const char* keyword, bool given) {
    if (given) meaning[keyword] = "yes";
  };
  const auto number = [](auto n) { return std::to_string(n); };
  const auto seconds = [](std::chrono::seconds s) { return std::to_string(s.count()); };
  const auto mailbox = [](const auto& m) { return raw_of(m); };
  put("SIZE", p.size(), number);
  put("BODY", p.body(), [](auto b) { return std::string(name_of(b)); });
  put_flag("SMTPUTF8", p.smtputf8());
  put("RET", p.ret(), [](auto r) { return std::string(name_of(r)); });
  put("ENVID", p.envid(), [](const auto& text) { return raw_of(text); });
  put("AUTH", p.auth(), [](const auto& a) { return a.is_null() ? "<>" : raw_of(a); });
  put("BY", p.by(), [&](const auto& by) {
    return seconds(by.within) + (by.mode == sansmtp::by_mode::notify ? "N" : "R") + (by.trace ? "T" : "");
  });
  put("HOLDFOR", p.holdfor(), seconds);
  put("HOLDUNTIL", p.holduntil(), [](const auto& date) { return date_words(date); });
  put("MT-PRIORITY", p.mt_priority(), number);
  put("MTRK", p.mtrk(), [&](const auto& track) {
    std::string out;
    for (std::uint8_t octet : track.certifier) out += static_cast<char>(octet);
    return track.timeout ? out + " for " + seconds(*track.timeout) : out;
  });
  if (!p.solicit().empty())
    for (std::string_view word : p.solicit()) meaning["SOLICIT"] += std::string(word) + " ";
  put("SUBMITTER", p.submitter(), mailbox);
  put("ALT-ADDRESS", p.alt_address(), mailbox);
  put("TRANSID", p.transid(), [](const auto& t) { return std::string(t.local()) + " at " + std::string(t.domain()); });
  put_flag("REQUIRETLS", p.requiretls());
  put_flag("CONPERM", p.conperm());
  put("XVERP", p.xverp(), [](const auto& x) { return std::string{x.behind_local_part, x.for_at_sign}; });
  put_flag("PRDR", p.prdr());
  put("XOORG", p.xoorg(), [](const auto& domain) { return std::string(domain.text()); });
  return words(p.raw()) + " :" + words(meaning);
}

inline std::string words(const sansmtp::rcpt_parameters& p) {
  std::map<std::string, std::string> meaning;
  if (const auto notify = p.notify())
    meaning["NOTIFY"] =
        std::string(notify->success ? "S" : "") + (notify->failure ? "F" : "") + (notify->delay ? "D" : "");
  if (const auto orcpt = p.orcpt()) {
    sansmtp::output_buffer<600> room;
    const bool decoded = orcpt->decode(room).has_value();
    meaning["ORCPT"] = std::string(orcpt->is_utf8() ? "utf-8 " : "") + std::string(orcpt->type()) + " " +
                       (decoded ? std::string(room.written()) : "is decoded wrong");
  }
  if (const auto rrvs = p.rrvs())
    meaning["RRVS"] = date_words(rrvs->since) + (rrvs->action == sansmtp::rrvs_action::go_on ? " C" : " R");
  if (const auto other = p.alt_address()) meaning["ALT-ADDRESS"] = raw_of(*other);
  if (p.conneg()) meaning["CONNEG"] = "yes";
  if (p.ignorequota()) meaning["IGNOREQUOTA"] = "yes";
  return words(p.raw()) + " :" + words(meaning);
}

}  // namespace oracle

#endif
