using System.Globalization;

namespace Supervisor.Core.Processes;

/// <summary>Linux signals by the names that options accept and log lines print (OPT-005, PSM-013).</summary>
public static class SignalNames
{
    public const int Hup = 1, Int = 2, Quit = 3, Kill = 9, Usr1 = 10, Usr2 = 12, Term = 15, Chld = 17;
    private const int RealTimeMin = 34;
    private const int RealTimeMax = 64;

    // Indexed by number; the canonical name of each, without "SIG".
    private static readonly string?[] s_names =
    [
        null, "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
        "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    private static readonly Dictionary<string, int> s_aliases = new(StringComparer.Ordinal)
    {
        ["CLD"] = 17,
        ["IOT"] = 6,
        ["POLL"] = 29,
        ["RTMIN"] = RealTimeMin,
        ["RTMAX"] = RealTimeMax,
    };

    /// <summary>True for the numbers that <c>stopsignal</c> and signalProcess accept: 1..31, those with a real-time name, and by
    /// Python's enumeration of constants also 0 (SIG_DFL) .</summary>
    public static bool IsValidNumber(long number) => number is >= 0 and <= 31 or RealTimeMin or RealTimeMax;

    /// <summary>Number of an upper-case name with or without <c>SIG</c>, or null.</summary>
    public static int? Find(string name)
    {
        var bare = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        if (s_aliases.TryGetValue(bare, out var alias))
        {
            return alias;
        }

        var number = Array.IndexOf(s_names, bare);
        return number > 0 ? number : null;
    }

    /// <summary>Name without <c>SIG</c> (aliases resolved), or the number as text.</summary>
    public static string ShortName(int number) => number switch
    {
        RealTimeMin => "RTMIN",
        RealTimeMax => "RTMAX",
        > 0 and < 32 => s_names[number]!,
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>As log lines print it: <c>SIGTERM</c>, <c>SIGPOLL</c> for 29, <c>signal 40</c> for a nameless one (PSM-013).</summary>
    public static string LogName(int number) => number switch
    {
        29 => "SIGPOLL",
        RealTimeMin => "SIGRTMIN",
        RealTimeMax => "SIGRTMAX",
        > 0 and < 32 => "SIG" + s_names[number],
        _ => string.Create(CultureInfo.InvariantCulture, $"signal {number}"),
    };
}
