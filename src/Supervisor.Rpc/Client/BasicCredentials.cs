using System.Text;

namespace Supervisor.Rpc.Client;

internal static class BasicCredentials
{
    /// <summary>The Authorization header line, or nothing unless both parts are known (CTL-009).</summary>
    public static string HeaderLine(string? username, string? password) =>
        username is null || password is null
            ? ""
            : $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"))}\r\n";
}
