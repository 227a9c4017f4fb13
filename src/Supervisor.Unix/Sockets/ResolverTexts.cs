using System.Globalization;

namespace Supervisor.Unix;

/// <summary>The C library's texts for getaddrinfo(3), in the form Python shows them.</summary>
internal static class ResolverTexts
{
    internal static string Describe(int error)
    {
        var text = error switch
        {
            -2 => "Name or service not known",
            -3 => "Temporary failure in name resolution",
            -4 => "Non-recoverable failure in name resolution",
            -5 => "No address associated with hostname",
            -9 => "Address family for hostname not supported",
            _ => "Unknown error",
        };
        return $"[Errno {error.ToString(CultureInfo.InvariantCulture)}] {text}";
    }
}
