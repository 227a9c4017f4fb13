using System.Text.RegularExpressions;
using Supervisor.Core.Configuration.Options;

namespace Supervisor.Core.Configuration.Loading;

/// <summary>
/// Variables of the daemon's environment that its logins are made of, as <c>password=%(ENV_X)s</c> is. Programs do not inherit them: a password
/// for the daemon is not for whatever it runs.
/// </summary>
internal sealed partial class SecretVariables
{
    // A user name may well be made of these, and programs cannot do without them.
    private static readonly HashSet<string> s_common = ["HOME", "HOSTNAME", "LANG", "LOGNAME", "PATH", "PWD", "SHELL", "TERM", "TZ", "USER"];

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public IReadOnlySet<string> Names => _names;

    /// <summary>Whether an option's text is a login or part of one.</summary>
    public static bool MayBeIn(string option) => option == HttpServerOptions.Password.Name || option == HttpServerOptions.UserName.Name;

    /// <summary>Takes the variables that the text of such an option names.</summary>
    public void Note(string text)
    {
        foreach (Match match in Name().Matches(text))
        {
            var name = match.Groups[1].Value;
            if (!s_common.Contains(name))
            {
                _names.Add(name);
            }
        }
    }

    // Two percent signs are one that is meant.
    [GeneratedRegex(@"(?<!%)(?:%%)*%\(ENV_([^()]*)\)")]
    private static partial Regex Name();
}
