// The reply to EHLO, its lines and what they state, judged by the library and by the RFCs' own rules.

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "oracle/address_words.hpp"
#include "oracle/agreement.hpp"
#include "oracle/ehlo_rules.hpp"
#include "sansmtp/wire/capabilities.hpp"
#include "sansmtp/wire/ehlo_line.hpp"
#include "sansmtp/wire/ehlo_values.hpp"
#include "sansmtp/wire/server_limits.hpp"

using oracle::agreement;
using oracle::field;

namespace {

using values = std::map<std::string, std::string>;

std::string words(const values& all) {
  std::string out;
  for (const auto& [name, value] : all) out += field(name, value);
  return out;
}

std::string until_words(const sansmtp::date_time& until) {
  std::string fraction = std::to_string(until.fraction().count());
  fraction.insert(0, 9 - fraction.size(), '0');
  return std::to_string(until.since_epoch().count()) + "." + fraction;
}

// What the parameters of a keyword state, by the type that reads them.
std::optional<values> found_values(const std::string& keyword, std::string_view parameters) {
  using namespace sansmtp;
  values out;
  if (keyword == "SIZE") {
    const auto offer = size_offer::parse(parameters);
    if (!offer || offer->stated == size_offer::form::unstated) return std::nullopt;
    out["size"] = std::to_string(offer->limit);
  } else if (keyword == "DELIVERBY") {
    const auto offer = deliver_by_offer::parse(parameters);
    if (!offer) return std::nullopt;
    if (offer->minimum) out["by"] = std::to_string(offer->minimum->count());
    out["tokens"] = offer->tokens;
  } else if (keyword == "FUTURERELEASE") {
    const auto offer = future_release_offer::parse(parameters);
    if (!offer) return std::nullopt;
    out["hold"] = std::to_string(offer->interval.count());
    out["until"] = until_words(*offer->until);
  } else if (keyword == "MT-PRIORITY") {
    const auto offer = priority_offer::parse(parameters);
    if (!offer) return std::nullopt;
    out["profile"] = offer->profile;
  } else if (keyword == "NO-SOLICITING") {
    const auto offer = parse_no_soliciting(parameters);
    if (!offer || !*offer) return std::nullopt;
    out["solicit"] = (*offer)->text();
  } else if (keyword == "LIMITS") {
    const auto limits = server_limits::parse(parameters);
    if (!limits) return std::nullopt;
    if (limits->mail_max) out["MAILMAX"] = std::to_string(*limits->mail_max);
    if (limits->rcpt_max) out["RCPTMAX"] = std::to_string(*limits->rcpt_max);
    if (limits->rcpt_domain_max) out["RCPTDOMAINMAX"] = std::to_string(*limits->rcpt_domain_max);
  } else {
    const auto names = attribute_names::parse(parameters);
    if (!names) return std::nullopt;
    out["names"] = names->names;
  }
  return out;
}

bool has_values(const std::string& keyword) {
  for (std::string_view one :
       {"SIZE", "DELIVERBY", "FUTURERELEASE", "MT-PRIORITY", "NO-SOLICITING", "LIMITS", "XCLIENT", "XFORWARD"})
    if (keyword == one) return true;
  return false;
}

std::string found_line(std::string_view text) {
  const auto line = sansmtp::ehlo_line::parse(text);
  if (!line) return oracle::refusal(line, text);
  std::string out = field("keyword", line->keyword) + field("parameters", line->parameters);
  std::string_view rest = line->parameters;
  for (auto word = sansmtp::ehlo_line::next(rest); !word.empty(); word = sansmtp::ehlo_line::next(rest))
    out += field("word", word);
  const std::string keyword = oracle::in_upper_case(line->keyword);
  if (!has_values(keyword) || line->parameters.empty()) return out;
  const auto stated = found_values(keyword, line->parameters);
  return out + (stated ? words(*stated) : " states nothing");
}

std::string due_line(std::string_view text) {
  const auto line = oracle::read_ehlo_line(text);
  if (!line) return oracle::refused;
  std::string out = field("keyword", line->keyword) + field("parameters", line->parameters);
  for (const std::string& word : line->words) out += field("word", word);
  const std::string keyword = oracle::in_upper_case(line->keyword);
  if (!has_values(keyword) || line->parameters.empty()) return out;
  const auto stated = oracle::ehlo_values(keyword, line->parameters);
  return out + (stated ? words(*stated) : " states nothing");
}

std::string offer_words(const std::set<std::string>& keywords, const values& stated, std::string_view mechanisms,
                        std::size_t malformed) {
  std::string out = field("mechanisms", mechanisms) + " malformed " + std::to_string(malformed) + words(stated);
  for (const std::string& keyword : keywords) out += " " + keyword;
  return out;
}

std::string found_offer(std::string_view octets) {
  const auto reply = sansmtp::reply::parse(octets);
  if (!reply) return oracle::refusal(reply, octets);
  const auto offer = sansmtp::capabilities::learn(*reply);
  std::set<std::string> keywords;
  for (const auto& row : sansmtp::extension_table)
    if (offer.has(row.what)) keywords.insert(std::string(row.keyword));
  values stated;
  if (const auto limit = offer.size_limit()) stated["size"] = std::to_string(*limit);
  const auto limits = offer.limits();
  if (limits.mail_max) stated["MAILMAX"] = std::to_string(*limits.mail_max);
  if (limits.rcpt_max) stated["RCPTMAX"] = std::to_string(*limits.rcpt_max);
  if (limits.rcpt_domain_max) stated["RCPTDOMAINMAX"] = std::to_string(*limits.rcpt_domain_max);
  if (const auto least = offer.least_by_time()) stated["by"] = std::to_string(least->count());
  if (const auto hold = offer.longest_hold()) stated["hold"] = std::to_string(hold->count());
  using form = sansmtp::size_offer::form;
  if (!offer.size_limit() && offer.size().stated == form::unlimited) stated["no fixed maximum"] = "yes";
  return offer_words(keywords, stated, offer.mechanisms(), offer.malformed_lines());
}

std::string due_offer(std::string_view octets) {
  const auto offer = oracle::read_offer(octets);
  if (!offer) return oracle::refused;
  values stated = offer->values;
  stated.erase("tokens");  // for those who read the line
  stated.erase("until");
  if (stated.count("size") != 0) stated.erase("no fixed maximum");
  return offer_words(offer->keywords, stated, offer->mechanisms, offer->malformed);
}

std::string derived_line(oracle::chance& luck) {
  std::string keyword(oracle::ehlo_keywords[luck.below(std::size(oracle::ehlo_keywords))]);
  if (luck.one_in(10)) return oracle::sentence(oracle::ehlo_grammar(), "ehlo-line", luck);
  if (luck.one_in(4)) keyword = "AUTH";
  const std::string rule = (keyword == "XFORWARD" ? "XCLIENT" : keyword) + "-params";
  std::string text = luck.one_in(3) ? oracle::in_lower_case(keyword) : keyword;
  if (keyword == "AUTH") {
    constexpr std::string_view names[] = {"PLAIN", "login", "SCRAM-SHA-256-PLUS", "XOAUTH2", "A=B", "cram-md5", "X_Y"};
    for (std::size_t more = luck.below(12); more != 0; --more)
      text += " " + (luck.one_in(2) ? std::string(names[luck.below(std::size(names))])
                                    : oracle::sentence(oracle::ehlo_grammar(), "sasl-mech", luck));
  } else if (oracle::ehlo_grammar().rule(rule) != nullptr) {
    if (!luck.one_in(6)) text += " " + oracle::sentence(oracle::ehlo_grammar(), rule, luck);
  } else if (luck.one_in(3)) {
    text += " " + oracle::sentence(oracle::ehlo_grammar(), "ehlo-param", luck);
  }
  if (keyword == "LIMITS" && luck.one_in(2)) text += " RCPTMAX=" + std::to_string(luck.below(2000000));
  return text;
}

}  // namespace

TEST_CASE("the rules of the EHLO reply are ABNF, each defined once") {
  CHECK(oracle::ehlo_grammar().mistakes().empty());
}

TEST_CASE("every octet at every place of an EHLO line means what its document says") {
  agreement asked{found_line, due_line};
  for (std::string_view text :
       {"A", "8-b", "A b", "A b c", "SIZE", "SIZE 0", "SIZE 10 x", "DELIVERBY 1", "DELIVERBY ,a,b",
        "DELIVERBY 123456789,a", "FUTURERELEASE 1 2026-01-02T03:04:05Z", "MT-PRIORITY a.B", "NO-SOLICITING a:b,c",
        "LIMITS a=b", "LIMITS RCPTMAX=10 b", "LIMITS MAILMAX=999999 MAILMAX=5", "XCLIENT NAME A_B", "AUTH PLAIN LOGIN"})
    asked.ask_around(text);
  asked.check();
}

TEST_CASE("EHLO lines and replies derived from the rules, and the same spoiled, are judged alike") {
  agreement lines{found_line, due_line}, replies{found_offer, due_offer};
  oracle::chance luck(8);
  for (int i = 0; i < 6000; ++i) {
    std::string reply = "250-mx.example\r\n";
    for (std::size_t more = luck.below(8); more != 0; --more) {
      const std::string line = derived_line(luck);
      lines.ask(line);
      lines.ask(oracle::spoiled(line, luck));
      reply += "250-" + (luck.one_in(15) ? oracle::spoiled(line, luck) : line) + "\r\n";
    }
    reply += "250 " + derived_line(luck) + "\r\n";
    replies.ask(reply);
    if (luck.one_in(2)) replies.ask(oracle::spoiled(reply, luck));
  }
  lines.check();
  replies.check();
}

TEST_CASE("every octet at every place of an EHLO reply means what RFC 5321 4.1.1.1 says") {
  agreement asked{found_offer, due_offer};
  for (std::string_view octets :
       {"250-a\r\n250 SIZE 1\r\n", "250 a\r\n", "250-a b\r\n250-AUTH A b\r\n250 VERP\r\n", "550-a\r\n550 TLS\r\n",
        "250-a\r\n250-8BITMIME\r\n250-DELIVERBY 0\r\n250 LIMITS RCPTMAX=1\r\n"})
    asked.ask_around(octets);
  for (std::string_view keyword : oracle::ehlo_keywords) {
    std::string reply = "250-a\r\n250 " + std::string(keyword) + "\r\n";
    for (std::size_t i = 11; i + 2 < reply.size(); ++i)  // each octet of the keyword with each bit turned
      for (unsigned bit = 0; bit < 8; ++bit) {
        std::string other = reply;
        other[i] = static_cast<char>(static_cast<unsigned char>(other[i]) ^ (1U << bit));
        asked.ask(other);
      }
    asked.ask(reply);
    asked.ask(oracle::in_lower_case(reply));
    asked.ask(reply.insert(reply.size() - 2, " x"));
  }
  asked.check();
}
