namespace Supervisor.Listeners.Delivery;

/// <summary>Mail by a command that takes the message on stdin, such as sendmail.</summary>
/// <param name="run">Runs the command with its input.</param>
/// <param name="command">The command line.</param>
/// <param name="address">To whom; null sends nothing.</param>
internal sealed class Mailer(Action<string, string> run, string command, string? address)
{
    public const string DefaultCommand = "/usr/sbin/sendmail -t -i";

    public bool HasAddress => !string.IsNullOrEmpty(address);

    /// <summary>The message as it was sent, or null.</summary>
    public string? Send(string subject, string body)
    {
        if (!HasAddress)
        {
            return null;
        }

        var message = $"To: {address}\nSubject: {subject}\n\n{body}";
        run(command, message);
        return message;
    }
}
