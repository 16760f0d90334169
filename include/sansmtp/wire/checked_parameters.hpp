// What the parameters of MAIL and those of RCPT have in common: read in one pass, found again by name.
//
// A checked list that borrows the line's text, and a bit for each parameter of the table that was
// given. mail_parameters and rcpt_parameters are made of it and add what the values mean.

#ifndef SANSMTP_WIRE_CHECKED_PARAMETERS_HPP
#define SANSMTP_WIRE_CHECKED_PARAMETERS_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "sansmtp/base/quirks.hpp"
#include "sansmtp/base/result.hpp"
#include "sansmtp/base/writer.hpp"
#include "sansmtp/grammar/parameter.hpp"
#include "sansmtp/wire/extension.hpp"
#include "sansmtp/wire/parameter_rules.hpp"

namespace sansmtp {

class checked_parameters {
 public:
  // Whether the parameter was given, and the text of its value if it has one.
  constexpr bool has(parameter_name p) const noexcept {
    return (given_ & spoken_parameters) >> static_cast<unsigned>(p) & 1U;
  }
  constexpr std::optional<std::string_view> value_of(parameter_name p) const noexcept {
    if (!has(p)) return std::nullopt;
    return list_.find(facts(p).keyword)->value;
  }

  // All of them, in their order, as keywords and texts.
  constexpr const parameters& raw() const noexcept { return list_; }
  constexpr bool empty() const noexcept { return list_.empty(); }

 protected:
  constexpr checked_parameters() noexcept = default;

  // Reads the text, which must outlive this, into what was empty: checks the form of each parameter that has a rule,
  // and gives it to `take`, which checks its value. Faults: those of parameters::parse, of check_form and of `take`.
  template <class Take>
  [[gnu::always_inline]] constexpr result<void> read(std::string_view text, parameter_place where, quirks q,
                                                     Take take) noexcept {
    return list_.read(text, q, [&](const parameter& p) -> result<void> {
      const parameter_rule* rule = parameter_rule_for(p.keyword);
      if (rule == nullptr) return {};
      if (const auto good = check_form(p, *rule, where); !good) return good;
      if (rule->check != nullptr)
        if (const auto good = take(p, *rule); !good) return good;
      given_ |= 1U << static_cast<unsigned>(rule->name);
      return {};
    });
  }

  // The value decoded, which was checked when it was read.
  template <auto Parse>
  constexpr auto decoded(parameter_name p) const noexcept {
    using value_type = typename decltype(parsed<Parse>({}))::value_type;
    const auto text = value_of(p);
    if (!text) return std::optional<value_type>();
    return std::optional<value_type>(*parsed<Parse>(*text));
  }

  // Where the parameter's keyword stands; it must have been given.
  constexpr std::size_t place_of(parameter_name p) const noexcept { return list_.find(facts(p).keyword)->at; }

 private:
  template <auto Parse>
  static constexpr auto parsed(std::string_view text) noexcept {
    if constexpr (std::is_invocable_v<decltype(Parse), std::string_view, quirks>)
      return Parse(text, quirks::all);
    else
      return Parse(text);
  }

  parameters list_{};
  std::uint32_t given_ = 0;  // a bit for each parameter_name
};

// Puts parameters behind one another: what the compose functions write with.
class parameter_writer {
 public:
  constexpr explicit parameter_writer(writer& out) noexcept : piece_(out) {}

  // The keyword, and "=" where a value must follow, which goes into what this returns.
  constexpr writer::draft& begin(parameter_name p) noexcept {
    part().put(facts(p).keyword);
    if (facts(p).value == value_rule::required) piece_.put('=');
    return piece_;
  }
  constexpr void flag(bool given, parameter_name p) noexcept {
    if (given) begin(p);
  }
  // Further parameters, as text.
  constexpr void more(std::string_view text) noexcept {
    if (!text.empty()) part().put(text);
  }
  constexpr result<void> commit() noexcept { return piece_.commit(); }

 private:
  constexpr writer::draft& part() noexcept {
    if (piece_.size() != 0) piece_.put(' ');
    return piece_;
  }

  writer::draft piece_;
};

}  // namespace sansmtp

#endif
