// SPDX-License-Identifier: Apache-2.0
package dev.belfry.examples.quickstart;

import dev.belfry.Job;
import dev.belfry.JobContext;
import dev.belfry.examples.quickstart.Options.SmtpServer;
import dev.belfry.retry.RetryPolicy;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.Properties;

/** Sends mails over SMTP. */
final class Mailer {
  private final Session session;

  Mailer(SmtpServer server) {
    var settings = new Properties();
    settings.setProperty("mail.smtp.host", server.host());
    settings.setProperty("mail.smtp.port", Integer.toString(server.port()));
    // Without limits a silent server would hold a worker for ever.
    settings.setProperty("mail.smtp.connectiontimeout", "5000");
    settings.setProperty("mail.smtp.timeout", "10000");
    this.session = Session.getInstance(settings);
  }

  Job<Email> job() {
    return Job.named("send-email", Email.class)
        .title("Send e-mail")
        .retry(
            RetryPolicy.exponential(Duration.ofSeconds(2))
                .withMaxAttempts(5)
                .withMaxDelay(Duration.ofMinutes(10))
                .failOn(AddressException.class)) // no second attempt makes it a better address
        .timeout(Duration.ofSeconds(30))
        .handler(this::send);
  }

  private void send(JobContext ctx, Email email) throws MessagingException {
    var message = new MimeMessage(session);
    message.setFrom(new InternetAddress("belfry@example.com"));
    message.setRecipients(Message.RecipientType.TO, InternetAddress.parse(email.to(), true));
    message.setSubject(email.subject(), "UTF-8");
    message.setContent(email.html(), "text/html; charset=UTF-8");
    // A mail may arrive twice if the JVM dies after the server took it; by this key one can tell.
    message.setHeader("X-Idempotency-Key", ctx.idempotencyKey());
    Transport.send(message);
    ctx.log("sent \"" + email.subject() + "\" to " + email.to());
  }
}
