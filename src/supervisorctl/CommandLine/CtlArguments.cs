using Supervisor.Core.CommandLine;
using Supervisor.Core.Configuration.Expansion;
using Supervisor.Ctl.Output;

namespace Supervisor.Ctl.CommandLine;

/// <summary>What was typed; null means "not given", so that the configuration file decides (CLI-007, CLI-012).</summary>
internal sealed record CtlArguments
{
    private const string ShortOptions = "h?c:is:u:p:r:";
    private static readonly string[] LongOptions =
        ["help", "configuration=", "interactive", "serverurl=", "username=", "password=", "history_file="];

    public string? ConfigFile { get; private set; }

    public string? ServerUrl { get; private set; }

    public string? Username { get; private set; }

    public string? Password { get; private set; }

    public string? HistoryFile { get; private set; }

    public bool? Interactive { get; private set; }

    /// <summary>Help was asked for; nothing behind it has been looked at (CLI-005).</summary>
    public bool Help { get; private set; }

    /// <summary>The action and its arguments.</summary>
    public string[] Action { get; private set; } = [];

    /// <exception cref="UsageException">With Python Supervisor's text.</exception>
    public static CtlArguments Parse(string[] args)
    {
        var (options, rest) = GetOpt.Parse(args, ShortOptions, LongOptions);
        var result = new CtlArguments { Action = rest };
        foreach (var (option, value) in options)
        {
            switch (option)
            {
                case "-h" or "-?" or "--help":
                    result.Help = true;
                    return result;
                case "-c" or "--configuration":
                    result.ConfigFile = Once(result.ConfigFile, value, option);
                    break;
                case "-i" or "--interactive":
                    result.Interactive = result.Interactive is null ? true : throw Conflict(option);
                    break;
                case "-s" or "--serverurl":
                    result.ServerUrl = Once(result.ServerUrl, Url(option, value), option);
                    break;
                case "-u" or "--username":
                    result.Username = Once(result.Username, value, option);
                    break;
                case "-p" or "--password":
                    result.Password = Once(result.Password, value, option);
                    break;
                default:
                    result.HistoryFile = Once(result.HistoryFile, value, option);
                    break;
            }
        }

        return result;
    }

    private static string Once(string? current, string value, string option) => current is null ? value : throw Conflict(option);

    private static UsageException Conflict(string option) => new($"conflicting command line option '{option}'");

    private static string Url(string option, string value)
    {
        var url = UrlText.Split(value);
        return url.Scheme.Length > 0 && (url.Authority.Length > 0 || url.Path.Length > 0)
            ? value
            : throw new UsageException($"invalid value for {option} {PythonRepr.Of(value)}: value {PythonRepr.Of(value)} is not a URL");
    }
}
