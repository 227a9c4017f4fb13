namespace Supervisor.Core.Configuration.Options;

/// <summary>Rows of <c>[supervisorctl]</c> (OPT-070, OPT-071).</summary>
internal static class CtlOptions
{
    public static readonly Option<string> ServerUrl = new("serverurl", Types.Text, "http://localhost:9001", "Where supervisord listens: unix:///path or http://host:port.");
    public static readonly Option<string?> UserName = new("username", Types.Text!, null, "User name to send.");
    public static readonly Option<string?> Password = new("password", Types.Text!, null, "Password to send.");
    public static readonly Option<string> Prompt = new("prompt", Types.Text, "supervisor", "Prompt of the shell.");
    public static readonly Option<string?> HistoryFile = new("history_file", Types.Text!, null, "File that keeps the history of the shell.");
}
